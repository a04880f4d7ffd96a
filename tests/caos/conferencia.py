"""The judge of every chaos test: ledger rows and database rows in, violations out.

It knows neither HTTP nor SQL, so that it can itself be tested: `test_conferencia.py` plants each violation and demands
that it is found. Any number of tenants, numbers, campaigns and conversations are judged together; a target is a
recipient of a campaign or a message. What it promises is the contract, whatever was killed meanwhile:

* a target is accepted at most once (and once more for each person's decision to resend), by attempt id and by content;
* what arrives is addressed to its person, from the number of its tenant;
* nobody is lost: who did not receive is INCERTO, FALHOU or PULADO with a reason, who received is ENVIADO;
* ENVIADO is proved: by an acceptance, a status, or a person who said so;
* every target is in exactly one final state, the totals are the count of the rows, nothing waits;
* messages of a conversation arrive in the order of its counter;
* a person gets no more than 45 ahead of one in 6 seconds from a number, and one more that a campaign had sent before;
* no sliding second of the provider's arrivals holds more than the number's ceiling;
* the fence of a job only rises, each claim raises it, and each fence serves one intent;
* what is in the dead letters used up its attempts, and who used them up is there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ESGOTADAS = "TENTATIVAS_ESGOTADAS"
FINAIS = frozenset({"ENVIADO", "INCERTO", "FALHOU", "PULADO"})
# what is kept besides where each recipient is
SOBRE_OS_MESMOS = frozenset({"ENTREGUE", "LIDO", "RESPONDEU", "SAIU"})
JANELA_MS = 1000.0
PAR_RAJADA = 46
PAR_MS = 6000.0


@dataclass(frozen=True)
class Chegada:
    """One request as the provider saw it. `quando` in milliseconds; `conteudo`: a hash without ids."""

    callback: str
    destinatario: str
    numero: str
    quando: float
    aceita: bool
    conteudo: str = ""
    estado_final: str | None = None


@dataclass(frozen=True)
class Pessoa:
    """One target: a row of campanhas_log, or an outbound message (`campanha` empty, `conversa` and `ordem` given).

    `numero`: the number that it must leave from (empty: not told). `enderecos`: other forms of the person's address.
    `provas`: accepted attempts and statuses. `reenvios`: a person's decisions to send it again; `confirmada`: a person
    said that it went out; `reposta`: it took a new place in its conversation after having been tried.
    """

    id: str
    campanha: str
    telefone: str
    status: str
    motivo: str | None = None
    id_externo: str | None = None
    tentativas: int = 0
    numero: str = ""
    conversa: str = ""
    ordem: int | None = None
    enderecos: frozenset[str] = frozenset()
    provas: int | None = None
    reenvios: int = 0
    confirmada: bool = False
    reposta: bool = False


@dataclass(frozen=True)
class Morta:
    """One dead letter that sent something. `gastas`: attempts that were recorded for its target."""

    id: str
    alvo: str
    tentativas: int
    maximo: int
    gastas: int


@dataclass(frozen=True)
class Ficha:
    """One change of a row of the queue: fence, owner and intent before and after."""

    trabalho: str
    cerca_antes: int
    cerca: int
    dono_antes: str | None
    dono: str | None
    intencao_antes: bool
    intencao: bool


@dataclass(frozen=True)
class Banco:
    """What the database says. `atribuicoes`: target by attempt id; `mortas` None: nobody looked."""

    pessoas: Sequence[Pessoa]
    atribuicoes: dict[str, str]
    totais: dict[str, dict[str, int]]
    campanhas: dict[str, str]
    na_fila: int = 0
    fichas: Sequence[Ficha] = ()
    esperadas: int | None = None
    mortas: Sequence[Morta] | None = None


@dataclass
class Veredito:
    """Violations by kind (empty: the contract held) and the figures worth reporting."""

    violacoes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    figuras: dict[str, Any] = field(default_factory=dict)

    def acusar(self, especie: str, texto: str) -> None:
        self.violacoes[especie].append(texto)

    @property
    def especies(self) -> set[str]:
        return set(self.violacoes)

    def resumo(self, por_especie: int = 3) -> str:
        return "; ".join(f"{e} x{len(t)}: {', '.join(t[:por_especie])}" for e, t in sorted(self.violacoes.items()))


def maior_janela(instantes: Iterable[float], janela: float = JANELA_MS) -> int:
    """The most instants in any half-open window of that length."""
    ordem = sorted(instantes)
    maior = inicio = 0
    for fim, instante in enumerate(ordem):
        while instante - ordem[inicio] >= janela:
            inicio += 1
        maior = max(maior, fim - inicio + 1)
    return maior


def conferir(
    livro: Sequence[Chegada], banco: Banco, *, teto: int = 80, tetos: Mapping[str, int] | None = None
) -> Veredito:
    """Judge a finished run: webhooks have been delivered and processed. `tetos`: the ceilings that are not `teto`."""
    veredito = Veredito()
    _duplicadas(veredito, livro, banco)
    _perdidas(veredito, livro, banco)
    _estados(veredito, banco)
    _ordem(veredito, livro, banco)
    _janelas(veredito, livro, teto, tetos or {})
    _pares(veredito, livro)
    _cercas(veredito, banco.fichas)
    _mortas(veredito, banco)
    return veredito


def _duplicadas(veredito: Veredito, livro: Sequence[Chegada], banco: Banco) -> None:
    aceitas = [c for c in livro if c.aceita]
    alvos = {p.id: p for p in banco.pessoas}
    for callback, vezes in Counter(c.callback for c in aceitas).items():
        if vezes > 1:
            veredito.acusar("duplicada", f"tentativa {callback} aceita {vezes} vezes")
    iguais: Counter[tuple[str, str, str, str]] = Counter()
    permitidas: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for chegada in aceitas:
        alvo = alvos.get(banco.atribuicoes.get(chegada.callback, ""))
        # in a conversation people do say the same thing twice; there, one message once is the rule
        if alvo is not None and alvo.conversa:
            continue
        chave = (alvo.campanha if alvo else "", chegada.numero, chegada.destinatario, chegada.conteudo)
        iguais[chave] += 1
        permitidas[chave] = max(permitidas[chave], 1 + (alvo.reenvios if alvo else 0))
    for chave, vezes in iguais.items():
        if vezes > permitidas[chave]:
            veredito.acusar("duplicada", f"{chave[2]} recebeu o mesmo {vezes} vezes")
    veredito.figuras["aceitas"] = len(aceitas)
    veredito.figuras["chegadas"] = len(livro)


def _perdidas(veredito: Veredito, livro: Sequence[Chegada], banco: Banco) -> None:
    recebidas: dict[str, list[Chegada]] = defaultdict(list)
    for chegada in livro:
        alvo = banco.atribuicoes.get(chegada.callback)
        if alvo is not None and chegada.aceita:
            recebidas[alvo].append(chegada)
        elif chegada.aceita:
            veredito.acusar("sem_dono", f"aceita sem tentativa gravada: {chegada.callback}")
    contagem: Counter[str] = Counter()
    for pessoa in banco.pessoas:
        chegadas = recebidas.get(pessoa.id, [])
        if len(chegadas) > 1 + pessoa.reenvios:
            veredito.acusar("duplicada", f"{pessoa.telefone} aceita em {len(chegadas)} tentativas")
        contagem[pessoa.status + ("_aceita" if chegadas else "")] += 1
        if not chegadas and pessoa.status == "ENVIADO":
            if not pessoa.confirmada:
                veredito.acusar("perdida", f"{pessoa.telefone} ENVIADO, mas o provedor nunca aceitou")
        elif not chegadas and (pessoa.status not in FINAIS or (pessoa.motivo is None)):
            veredito.acusar("perdida", f"{pessoa.telefone} {pessoa.status} sem aceitação e sem motivo")
        elif chegadas and pessoa.status != _esperado(chegadas):
            veredito.acusar("perdida", f"{pessoa.telefone} aceita, mas está {pessoa.status}")
        if pessoa.status == "ENVIADO" and pessoa.provas == 0 and not pessoa.confirmada:
            veredito.acusar("sem_prova", f"{pessoa.telefone} ENVIADO sem aceitação nem status gravados")
        _enderecos(veredito, pessoa, chegadas)
    veredito.figuras["estados"] = dict(sorted(contagem.items()))


def _enderecos(veredito: Veredito, pessoa: Pessoa, chegadas: Sequence[Chegada]) -> None:
    aceitos = {x.lstrip("+") for x in (pessoa.telefone, *pessoa.enderecos)}
    for chegada in chegadas:
        if chegada.destinatario.lstrip("+") not in aceitos:
            veredito.acusar("trocada", f"a mensagem de {pessoa.telefone} chegou a {chegada.destinatario}")
        if pessoa.numero and chegada.numero != pessoa.numero:
            veredito.acusar("numero_alheio", f"a mensagem de {pessoa.telefone} saiu do número {chegada.numero}")


def _ordem(veredito: Veredito, livro: Sequence[Chegada], banco: Banco) -> None:
    chegadas: dict[str, list[Chegada]] = defaultdict(list)
    for chegada in livro:
        chegadas[banco.atribuicoes.get(chegada.callback, "")].append(chegada)
    conversas: dict[str, list[tuple[int, Pessoa]]] = defaultdict(list)
    for pessoa in banco.pessoas:
        if pessoa.conversa and pessoa.ordem is not None and chegadas.get(pessoa.id):
            conversas[pessoa.conversa].append((pessoa.ordem, pessoa))
    for conversa, mensagens in conversas.items():
        ultima, antes = float("-inf"), -1
        for ordem, pessoa in sorted(mensagens, key=lambda x: x[0]):
            instantes = [c.quando for c in chegadas[pessoa.id]]
            # what was put back tried its luck at an earlier place too: only its last arrival is of this one
            primeira = max(instantes) if pessoa.reposta else min(instantes)
            if primeira < ultima:
                veredito.acusar("ordem", f"na conversa {conversa}, a {ordem} chegou antes da {antes}")
            if max(instantes) > ultima:
                ultima, antes = max(instantes), ordem
    veredito.figuras["conversas"] = len(conversas)


def _mortas(veredito: Veredito, banco: Banco) -> None:
    if banco.mortas is None:
        return
    for morta in banco.mortas:
        if morta.tentativas < morta.maximo or morta.gastas < morta.maximo:
            veredito.acusar("morta_cedo", f"{morta.id} desistiu com {min(morta.tentativas, morta.gastas)} tentativas")
    alvos = {m.alvo for m in banco.mortas}
    for pessoa in banco.pessoas:
        if pessoa.status == "FALHOU" and pessoa.motivo == ESGOTADAS and pessoa.id not in alvos:
            veredito.acusar("morta_sumiu", f"{pessoa.telefone} esgotou as tentativas e não está na fila morta")
    veredito.figuras["mortas"] = len(banco.mortas)


def _esperado(chegadas: Sequence[Chegada]) -> str:
    return "FALHOU" if all(c.estado_final == "failed" for c in chegadas) else "ENVIADO"


def _estados(veredito: Veredito, banco: Banco) -> None:
    por_pessoa = Counter((p.campanha, p.telefone) for p in banco.pessoas if not p.conversa)
    for (_, telefone), vezes in por_pessoa.items():
        if vezes > 1:
            veredito.acusar("dois_estados", f"{telefone} está em {vezes} linhas")
    for pessoa in banco.pessoas:
        if pessoa.status not in FINAIS:
            veredito.acusar("inacabada", f"{pessoa.telefone} parou em {pessoa.status}")
        if pessoa.status in {"FALHOU", "PULADO", "INCERTO"} and pessoa.motivo is None:
            veredito.acusar("sem_motivo", f"{pessoa.telefone} {pessoa.status}")
    if banco.esperadas is not None and len(banco.pessoas) != banco.esperadas:
        veredito.acusar("soma", f"{len(banco.pessoas)} destinatários, esperados {banco.esperadas}")
    for campanha, status in banco.campanhas.items():
        contados = Counter(p.status for p in banco.pessoas if p.campanha == campanha)
        ditos = {k: v for k, v in banco.totais.get(campanha, {}).items() if k not in SOBRE_OS_MESMOS and v}
        if ditos != dict(contados):
            veredito.acusar("totais", f"campanhas_totais diz {ditos}, as linhas dizem {dict(contados)}")
        if status != "CONCLUIDA":
            veredito.acusar("inacabada", f"a campanha está {status}")
    if banco.na_fila:
        veredito.acusar("fila", f"{banco.na_fila} linhas ainda na fila")


def _janelas(veredito: Veredito, livro: Sequence[Chegada], teto: int, tetos: Mapping[str, int]) -> None:
    por_numero: dict[str, list[float]] = defaultdict(list)
    for chegada in livro:
        por_numero[chegada.numero].append(chegada.quando)
    maiores = {numero: maior_janela(instantes) for numero, instantes in por_numero.items()}
    for numero, maior in maiores.items():
        if maior > tetos.get(numero, teto):
            veredito.acusar("janela", f"{maior} em um segundo no número {numero}, teto {tetos.get(numero, teto)}")
    veredito.figuras["maior_janela"] = max(maiores.values(), default=0)


def _pares(veredito: Veredito, livro: Sequence[Chegada]) -> None:
    dividas: dict[tuple[str, str], tuple[float, float]] = {}
    for chegada in sorted(livro, key=lambda c: c.quando):
        par = (chegada.numero, chegada.destinatario)
        divida, antes = dividas.get(par, (0.0, chegada.quando))
        divida = max(0.0, divida - (chegada.quando - antes) / PAR_MS) + 1
        dividas[par] = (divida, chegada.quando)
        if divida > PAR_RAJADA:
            veredito.acusar("par", f"{chegada.destinatario} com {divida:.0f} mensagens à frente do ritmo")


def _cercas(veredito: Veredito, fichas: Sequence[Ficha]) -> None:
    ultima: dict[str, int] = {}
    intencoes: Counter[tuple[str, int]] = Counter()
    for ficha in fichas:
        if ficha.cerca_antes != ultima.get(ficha.trabalho, ficha.cerca_antes) or ficha.cerca < ficha.cerca_antes:
            veredito.acusar("cerca", f"a cerca de {ficha.trabalho} foi de {ficha.cerca_antes} a {ficha.cerca}")
        tomada = ficha.dono is not None and ficha.dono != ficha.dono_antes
        if tomada and ficha.cerca != ficha.cerca_antes + 1:
            veredito.acusar("cerca", f"{ficha.trabalho} trocou de dono sem subir a cerca")
        if ficha.intencao and not ficha.intencao_antes:
            intencoes[ficha.trabalho, ficha.cerca] += 1
            if ficha.dono is None or ficha.dono != ficha.dono_antes:
                veredito.acusar("cerca", f"{ficha.trabalho} teve intenção de quem não tinha a reserva")
        ultima[ficha.trabalho] = ficha.cerca
    for (trabalho, cerca), vezes in intencoes.items():
        if vezes > 1:
            veredito.acusar("cerca", f"{trabalho} teve {vezes} intenções com a cerca {cerca}")
    veredito.figuras["reservas"] = sum(1 for f in fichas if f.dono and f.dono != f.dono_antes)
    veredito.figuras["intencoes"] = intencoes.total()
