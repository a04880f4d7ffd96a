"""The judge of every chaos test: ledger rows and database rows in, violations out.

It knows neither HTTP nor SQL, so that it can itself be tested: `test_conferencia.py` plants each violation and demands
that it is found. What it promises is the contract of a campaign, whatever was killed meanwhile:

* a person receives at most one message, by attempt id and by content;
* nobody is lost: who did not receive is INCERTO, FALHOU or PULADO with a reason, who received is ENVIADO;
* every person is in exactly one final state, the totals are the count of the rows, nothing waits;
* no sliding second of the provider's arrivals holds more than the number's ceiling;
* the fence of a job only rises, each claim raises it, and each fence serves one intent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

FINAIS = frozenset({"ENVIADO", "INCERTO", "FALHOU", "PULADO"})
JANELA_MS = 1000.0


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
    """One row of campanhas_log."""

    id: str
    campanha: str
    telefone: str
    status: str
    motivo: str | None = None
    id_externo: str | None = None
    tentativas: int = 0


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
    """What the database says. `atribuicoes`: recipient row by attempt id."""

    pessoas: Sequence[Pessoa]
    atribuicoes: dict[str, str]
    totais: dict[str, dict[str, int]]
    campanhas: dict[str, str]
    na_fila: int = 0
    fichas: Sequence[Ficha] = ()
    esperadas: int | None = None


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


def conferir(livro: Sequence[Chegada], banco: Banco, *, teto: int = 80) -> Veredito:
    """Judge a finished run: webhooks have been delivered and processed."""
    veredito = Veredito()
    _duplicadas(veredito, livro)
    _perdidas(veredito, livro, banco)
    _estados(veredito, banco)
    _janelas(veredito, livro, teto)
    _cercas(veredito, banco.fichas)
    return veredito


def _duplicadas(veredito: Veredito, livro: Sequence[Chegada]) -> None:
    aceitas = [c for c in livro if c.aceita]
    for callback, vezes in Counter(c.callback for c in aceitas).items():
        if vezes > 1:
            veredito.acusar("duplicada", f"tentativa {callback} aceita {vezes} vezes")
    for (quem, _), vezes in Counter((c.destinatario, c.conteudo) for c in aceitas).items():
        if vezes > 1:
            veredito.acusar("duplicada", f"{quem} recebeu o mesmo {vezes} vezes")
    veredito.figuras["aceitas"] = len(aceitas)
    veredito.figuras["chegadas"] = len(livro)


def _perdidas(veredito: Veredito, livro: Sequence[Chegada], banco: Banco) -> None:
    recebidas: dict[str, list[Chegada]] = defaultdict(list)
    for chegada in livro:
        if not chegada.aceita:
            continue
        alvo = banco.atribuicoes.get(chegada.callback)
        if alvo is None:
            veredito.acusar("sem_dono", f"aceita sem tentativa gravada: {chegada.callback}")
        else:
            recebidas[alvo].append(chegada)
    contagem: Counter[str] = Counter()
    for pessoa in banco.pessoas:
        chegadas = recebidas.get(pessoa.id, [])
        if len(chegadas) > 1:
            veredito.acusar("duplicada", f"{pessoa.telefone} aceita em {len(chegadas)} tentativas")
        contagem[pessoa.status + ("_aceita" if chegadas else "")] += 1
        if not chegadas and pessoa.status == "ENVIADO":
            veredito.acusar("perdida", f"{pessoa.telefone} ENVIADO, mas o provedor nunca aceitou")
        elif not chegadas and (pessoa.status not in FINAIS or (pessoa.motivo is None)):
            veredito.acusar("perdida", f"{pessoa.telefone} {pessoa.status} sem aceitação e sem motivo")
        elif chegadas and pessoa.status != _esperado(chegadas):
            veredito.acusar("perdida", f"{pessoa.telefone} aceita, mas está {pessoa.status}")
        if chegadas and chegadas[0].destinatario.lstrip("+") != pessoa.telefone.lstrip("+"):
            veredito.acusar("trocada", f"a mensagem de {pessoa.telefone} chegou a {chegadas[0].destinatario}")
    veredito.figuras["estados"] = dict(sorted(contagem.items()))


def _esperado(chegadas: Sequence[Chegada]) -> str:
    return "FALHOU" if all(c.estado_final == "failed" for c in chegadas) else "ENVIADO"


def _estados(veredito: Veredito, banco: Banco) -> None:
    por_pessoa = Counter((p.campanha, p.telefone) for p in banco.pessoas)
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
        ditos = {k: v for k, v in banco.totais.get(campanha, {}).items() if k not in {"ENTREGUE", "LIDO"} and v}
        if ditos != dict(contados):
            veredito.acusar("totais", f"campanhas_totais diz {ditos}, as linhas dizem {dict(contados)}")
        if status != "CONCLUIDA":
            veredito.acusar("inacabada", f"a campanha está {status}")
    if banco.na_fila:
        veredito.acusar("fila", f"{banco.na_fila} linhas ainda na fila")


def _janelas(veredito: Veredito, livro: Sequence[Chegada], teto: int) -> None:
    por_numero: dict[str, list[float]] = defaultdict(list)
    for chegada in livro:
        por_numero[chegada.numero].append(chegada.quando)
    maiores = {numero: maior_janela(instantes) for numero, instantes in por_numero.items()}
    for numero, maior in maiores.items():
        if maior > teto:
            veredito.acusar("janela", f"{maior} em um segundo no número {numero}, teto {teto}")
    veredito.figuras["maior_janela"] = max(maiores.values(), default=0)


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
