"""Two sessions at once (T11): every pair of steps overlapped on real connections, every short history in every order.

A step is one function call, so it is one transaction. Overlapping: the first runs in an open transaction, the second
starts, blocks or not, then the first commits. After each history a healthy worker finishes the campaign, the provider
tells what it accepted, and the judge of `conferencia` decides. The provider is a model here: what an intent lets out
is accepted or not as the history says, before the worker hears of it.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.banco import Banco
from tests.caos.arena import ler_banco
from tests.caos.conferencia import Chegada, conferir
from tests.caos.conftest import LONGO
from tests.conftest import Sessao, chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar

Conexao = psycopg.AsyncConnection[tuple[Any, ...]]
Chamada = tuple[str, dict[str, Any]]
REPETIVEIS = ("40P01", "40001")
PRONTO_S = 0.15
PESO = {None: 0, "sent": 1, "failed": 2, "delivered": 3}


@dataclass
class Historia:
    """One campaign of two people, the worker's memory of it, and the provider's ledger."""

    admin: Admin
    ingresso: Banco
    cena: Cena
    campanha: UUID
    api: tuple[Conexao, Conexao]
    worker: tuple[Conexao, Conexao]
    epoca: int
    reservas: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    envios: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    livro: list[Chegada] = field(default_factory=list)
    relogio: float = 0.0
    com_cerca: bool = True

    # -- steps: what to arrange before, then the calls of one session

    async def preparar(self, passo: str) -> list[Chamada]:
        nome, _, parte = passo.partition(":")
        match nome:
            case "reservar":
                return [("worker.fila_reservar", self._numero(parte, p_quantos=10, p_epoca=self.epoca))]
            case "pretender":
                fichas = [{"id": r["id"], "cerca": r["cerca"]} for r in self.reservas.get(parte, [])]
                return [("worker.envio_intencao", self._numero(parte, p_epoca=self.epoca, p_itens=Jsonb(fichas)))]
            case "devolver":
                fichas = [{"id": r["id"], "cerca": r["cerca"]} for r in self.reservas.get(parte, [])]
                return [("worker.fila_devolver", {**self._cliente, "p_dono": parte, "p_itens": Jsonb(fichas)})]
            case "registrar":
                return self._registrar(*parte.split("/"))
            case "varrer":
                self.admin.execute(
                    "update fila set reservado_ate = now() - interval '1 s' where reservado_ate is not null"
                    " and cliente_id = %s",
                    [self.cena.cliente_id],
                )
                return [("worker.fila_resgatar", self._cliente)]
            case "webhook":
                await self._contar(parte)
                return [("worker.interno_executar", self._cliente)]
            case "alimentar":
                self.admin.execute(
                    "update fila set executar_em = now() where tipo = 'campanha_alimentar' and cliente_id = %s",
                    [self.cena.cliente_id],
                )
                return [("worker.interno_executar", self._cliente)]
            case "pausar" | "retomar" | "cancelar":
                return [(f"api.campanha_{nome}", {**self.cena.sessao.args, "p_id": self.campanha})]
        raise ValueError(passo)

    def _de(self) -> str:
        """The number as the provider knows it."""
        [linha] = self.admin.execute(
            "select numero_id_externo as n from conexoes where id = %s", [self.cena.conexao_id]
        ).fetchall()
        return str(linha["n"])

    def concluir(self, passo: str, respostas: Sequence[Any], aceita: bool) -> None:
        """What the worker learnt from its call; an intent lets the message out at once."""
        nome, _, parte = passo.partition(":")
        if nome == "reservar":
            self.reservas.setdefault(parte, []).extend(respostas[0] or [])
        elif nome == "pretender":
            saidas = respostas[0]["envios"] if respostas[0] else []
            self.envios.setdefault(parte, []).extend(saidas)
            for envio in saidas:
                self.relogio += 20.0
                self.livro.append(Chegada(envio["tentativaId"], envio["para"], self._de(), self.relogio, aceita))
            feitas = {str(e["id"]) for e in saidas}
            self.reservas[parte] = [r for r in self.reservas.get(parte, []) if str(r["id"]) not in feitas]

    @property
    def _cliente(self) -> dict[str, Any]:
        return {"p_cliente_id": self.cena.cliente_id}

    def _numero(self, dono: str, **extra: Any) -> dict[str, Any]:
        return {**self._cliente, "p_conexao_id": self.cena.conexao_id, "p_dono": dono, **extra}

    def _registrar(self, dono: str, desfecho: str) -> list[Chamada]:
        extras: dict[str, dict[str, Any]] = {
            "ACEITO": {"desfecho": "ACEITO"},
            "PERDIDO": {"desfecho": "AMBIGUO", "detalhe": "tempo esgotado"},
            "RECUSADO": {"desfecho": "REJEITADO", "codigo": 131026, "http": 400, "detalhe": "não entregue"},
            "DEPOIS": {"desfecho": "REJEITADO", "codigo": 130429, "http": 429, "detalhe": "depois"},
            "CREDENCIAL": {"desfecho": "REJEITADO", "codigo": 190, "http": 401, "detalhe": "credencial recusada"},
            "NAO_SAIU": {"desfecho": "NAO_ENVIADO", "detalhe": "conexão recusada"},
        }
        itens = [
            {k: e[k] for k in ("id", "cerca", "tentativaId", "alvoId")}
            | extras[desfecho]
            | ({"idExterno": f"wamid.{e['tentativaId']}"} if desfecho == "ACEITO" else {})
            for e in self.envios.get(dono, [])
        ]
        return [("worker.envio_registrar", self._numero(dono, p_resultados=Jsonb(itens)))]

    async def _contar(self, status: str) -> None:
        """The provider tells `status` of everything that it accepted so far."""
        [linha] = self.admin.execute(
            "select numero_id_externo as numero, conta_id_externa as conta from conexoes where id = %s",
            [self.cena.conexao_id],
        ).fetchall()
        estados = []
        for i, chegada in enumerate(self.livro):
            if not chegada.aceita:
                continue
            # a failure is the last word unless the phone had it, whichever was told first
            if PESO[status] > PESO[chegada.estado_final]:
                self.livro[i] = replace(chegada, estado_final=status)
            estados.append(
                {
                    "id": f"wamid.{chegada.callback}",
                    "status": status,
                    "timestamp": "1764000000",
                    "recipient_id": chegada.destinatario,
                    "biz_opaque_callback_data": chegada.callback,
                    **({"errors": [{"code": 131026, "title": "undeliverable"}]} if status == "failed" else {}),
                }
            )
        valor = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": linha["numero"]},
            "statuses": estados,
        }
        corpo = {
            "object": "whatsapp_business_account",
            "entry": [{"id": linha["conta"], "changes": [{"field": "messages", "value": valor}]}],
        }
        argumentos = {"p_conexoes": [self.cena.conexao_id], "p_corpo": msgspec.json.encode(corpo), "p_legivel": True}
        await self.ingresso.chamar("webhook.evento_receber", argumentos)

    # -- running steps

    def _conexao(self, chamadas: Sequence[Chamada], lado: int) -> Conexao:
        return (self.api if chamadas[0][0].startswith("api.") else self.worker)[lado]

    async def passo(self, passo: str, *, aceita: bool = True) -> None:
        """One step alone."""
        chamadas = await self.preparar(passo)
        respostas = await _executar(self._conexao(chamadas, 0), chamadas)
        self.concluir(passo, respostas, aceita)

    async def sobrepor(self, primeiro: str, segundo: str, *, aceita: bool = True, desfazer: bool = False) -> None:
        """`primeiro` holds its transaction open while `segundo` starts; then it commits (or is undone)."""
        chamadas_a, chamadas_b = await self.preparar(primeiro), await self.preparar(segundo)
        a, b = self._conexao(chamadas_a, 0), self._conexao(chamadas_b, 1)
        await a.set_autocommit(False)
        try:
            respostas_a = await _executar(a, chamadas_a)
            tarefa = asyncio.create_task(_executar(b, chamadas_b))
            await _acabou_ou_espera(self.admin, tarefa, b.info.backend_pid)
            await (a.rollback() if desfazer else a.commit())
        finally:
            await a.rollback()
            await a.set_autocommit(True)
        respostas_b = await asyncio.wait_for(tarefa, 10)
        if desfazer:
            respostas_a = await _executar(a, chamadas_a)
        self.concluir(primeiro, respostas_a, aceita)
        self.concluir(segundo, respostas_b, aceita)

    async def terminar(self, contexto: str, *, cancelada: bool = False) -> None:
        """The feeder is there; then everything ends well, and the judge agrees."""
        [linha] = self.admin.execute(
            "select status, exists (select from fila as f where f.alvo_id = k.id and f.tipo = 'campanha_alimentar')"
            " as alimentada from campanhas as k where k.id = %s",
            [self.campanha],
        ).fetchall()
        assert linha["status"] != "EM_ANDAMENTO" or linha["alimentada"], (contexto, "sem alimentador")
        for rodada in range(15):
            [linha] = self.admin.execute("select status from campanhas where id = %s", [self.campanha]).fetchall()
            if linha["status"] in ("CONCLUIDA", "CANCELADA") and rodada > 1:
                break
            if linha["status"] == "PAUSADA":
                await self.passo("retomar")
            await self.passo("varrer")
            self.admin.execute(
                "update conexoes set suspensa_ate = null, status = 'ATIVA' where id = %s"
                " and (suspensa_ate is not null or status <> 'ATIVA')",
                [self.cena.conexao_id],
            )
            self.admin.execute("update fila set executar_em = now() where cliente_id = %s", [self.cena.cliente_id])
            dono = f"final{rodada}"
            for passo in (f"reservar:{dono}", f"pretender:{dono}", f"registrar:{dono}/ACEITO", "webhook:sent"):
                await self.passo(passo)
            await self.passo("alimentar")
        banco = ler_banco(self.admin, [self.campanha], com_fichas=self.com_cerca)
        if cancelada:
            assert set(banco.campanhas.values()) <= {"CANCELADA", "CONCLUIDA"}, contexto
            banco = replace(banco, campanhas={str(self.campanha): "CONCLUIDA"})
        veredito = conferir(self.livro, banco)
        assert not veredito.especies, (contexto, veredito.resumo())


async def _executar(conexao: Conexao, chamadas: Sequence[Chamada]) -> list[Any]:
    respostas = []
    for funcao, argumentos in chamadas:
        lista = ", ".join(f"{nome} => %({nome})s" for nome in argumentos)
        texto = f"select {funcao}({lista})".encode()
        for tentativa in range(3):
            try:
                linha = await (await conexao.execute(texto, argumentos)).fetchone()
                respostas.append(linha[0] if linha else None)
                break
            except psycopg.Error as erro:
                # a rule's refusal (class Z) is an answer; a deadlock is repeated, as the product does
                if (erro.sqlstate or "").startswith("Z"):
                    respostas.append(None)
                    if not conexao.autocommit:
                        await conexao.rollback()
                    break
                if erro.sqlstate not in REPETIVEIS or tentativa == 2 or not conexao.autocommit:
                    raise
    return respostas


async def _acabou_ou_espera(admin: Admin, tarefa: asyncio.Task[Any], pid: int) -> None:
    """Until the second session is done or waits for a lock."""
    for _ in range(round(PRONTO_S / 0.005)):
        await asyncio.sleep(0.005)
        if tarefa.done():
            return
        [linha] = admin.execute(
            "select wait_event_type = 'Lock' as espera from pg_stat_activity where pid = %s", [pid]
        ).fetchall()
        if linha["espera"]:
            return


@pytest.fixture(scope="module")
async def conexoes(url_de: Callable[[str], str]) -> AsyncIterator[dict[str, tuple[Conexao, Conexao]]]:
    abertas = {
        papel: (
            await psycopg.AsyncConnection.connect(url_de(papel), autocommit=True),
            await psycopg.AsyncConnection.connect(url_de(papel), autocommit=True),
        )
        for papel in ("crm_api", "crm_worker")
    }
    yield abertas
    for conexao in itertools.chain(*abertas.values()):
        await conexao.close()


@pytest.fixture(scope="module")
async def cena_base(admin: Admin, auditoria: None, novo_cliente: Callable[..., Any]) -> Cena:
    sessao: Sessao = await novo_cliente("Intercalada")
    return cenas.montar(admin, sessao, 2)


@pytest.fixture
def contar(
    admin: Admin,
    banco_api: Banco,
    banco_worker: Banco,
    banco_ingresso: Banco,
    cena_base: Cena,
    conexoes: dict[str, tuple[Conexao, Conexao]],
) -> Callable[..., Any]:
    """`await contar("reservar:a", …)`: a fresh campaign brought to where those steps lead."""

    async def nova(*passos: str, aceita: bool = True) -> Historia:
        admin.execute("delete from fila where cliente_id = %s", [cena_base.cliente_id])
        # each history is judged by its own fences; thousands of them would be read again and again
        admin.execute("truncate caos.fichas")
        admin.execute(
            "update conexoes set suspensa_ate = null, falhas_seguidas = 0, status = 'ATIVA' where id = %s",
            [cena_base.conexao_id],
        )
        campanha = await criar_campanha(banco_api, cena_base)
        await iniciar(banco_api, cena_base, campanha)
        limite = await chamar(
            banco_worker, "worker.limite_obter", p_cliente_id=cena_base.cliente_id, p_conexao_id=cena_base.conexao_id
        )
        historia = Historia(
            admin,
            banco_ingresso,
            cena_base,
            campanha,
            conexoes["crm_api"],
            conexoes["crm_worker"],
            limite["epoca"],
        )
        for passo in passos:
            await historia.passo(passo, aceita=aceita)
        return historia

    return nova


RESERVADA = ("reservar:a",)
ENVIANDO = ("reservar:a", "pretender:a")
PARES: list[tuple[tuple[str, ...], list[str]]] = [
    ((), ["reservar:a", "reservar:b", "pausar", "cancelar", "alimentar"]),
    (RESERVADA, ["pretender:a", "devolver:a", "varrer", "reservar:b", "pausar", "cancelar", "alimentar"]),
    (
        ENVIANDO,
        [
            "registrar:a/ACEITO",
            "registrar:a/PERDIDO",
            "varrer",
            "webhook:sent",
            "webhook:failed",
            "webhook:delivered",
            "pausar",
            "cancelar",
            "alimentar",
        ],
    ),
    (ENVIANDO, ["registrar:a/CREDENCIAL", "registrar:a/NAO_SAIU", "varrer", "pausar", "cancelar", "alimentar"]),
    (("pausar",), ["retomar", "alimentar", "cancelar"]),
    ((*RESERVADA, "pausar"), ["retomar", "alimentar", "pretender:a", "cancelar", "varrer"]),
    ((*ENVIANDO, "pausar"), ["retomar", "registrar:a/ACEITO", "alimentar", "varrer", "webhook:sent"]),
    ((*ENVIANDO, "varrer"), ["registrar:a/ACEITO", "webhook:sent", "webhook:failed", "cancelar", "alimentar"]),
    ((*ENVIANDO, "webhook:failed"), ["registrar:a/ACEITO", "webhook:delivered", "varrer", "cancelar"]),
]


@pytest.mark.timeout(300 if LONGO else 60)
@pytest.mark.parametrize("desfazer", [False, True] if LONGO else [False])
@pytest.mark.parametrize("antes", range(len(PARES)))
async def test_pares_sobrepostos(contar: Callable[..., Any], antes: int, desfazer: bool) -> None:
    passos, proximos = PARES[antes]
    pares = list(itertools.permutations(proximos, 2))
    if not LONGO:
        pares = random.Random(antes).sample(pares, min(8, len(pares)))
    for primeiro, segundo in pares:
        # what was refused, or never written, was not accepted
        aceita = not {"registrar:a/CREDENCIAL", "registrar:a/NAO_SAIU"} & {primeiro, segundo}
        historia = await contar(*passos, aceita=aceita)
        await historia.sobrepor(primeiro, segundo, aceita=aceita, desfazer=desfazer)
        contexto = f"{passos} {primeiro} + {segundo}"
        await historia.terminar(contexto, cancelada="cancelar" in (primeiro, segundo))


DESFECHOS = [("ACEITO", True), ("PERDIDO", True), ("PERDIDO", False), ("RECUSADO", False), ("DEPOIS", False)]
DESFECHOS += [("NAO_SAIU", False), ("CREDENCIAL", False)]
OUTROS = ("varrer", "webhook:sent", "webhook:failed", "webhook:delivered", "pausar", "retomar", "cancelar", "alimentar")


def _historias() -> list[tuple[tuple[str, ...], bool]]:
    """A worker's three steps merged in every order with two steps of others."""
    todas = []
    for desfecho, aceita in DESFECHOS:
        cadeia = ("reservar:a", "pretender:a", f"registrar:a/{desfecho}")
        for outros in itertools.product(OUTROS, repeat=2):
            for lugares in itertools.combinations(range(5), 3):
                restantes = iter(outros)
                dela = iter(cadeia)
                todas.append((tuple(next(dela) if i in lugares else next(restantes) for i in range(5)), aceita))
    return todas


@pytest.mark.timeout(900 if LONGO else 60)
async def test_toda_ordem(contar: Callable[..., Any]) -> None:
    historias = _historias()
    if not LONGO:
        historias = random.Random(11).sample(historias, 30)
    for passos, aceita in historias:
        historia = await contar()
        for passo in passos:
            await historia.passo(passo, aceita=aceita)
        await historia.terminar(f"{passos} {aceita}", cancelada="cancelar" in passos)


@pytest.fixture
def sem_cerca(admin: Admin) -> Iterator[None]:
    """The intent without its fence: what a queue with a bare visibility time-out does."""
    linhas = admin.execute(
        "select pg_get_functiondef(p.oid) as texto from pg_proc as p"
        " where p.proname in ('envio_avaliar', 'alvo_campanha_avaliar') order by p.proname"
    ).fetchall()
    alvo, reserva = (x["texto"] for x in linhas)
    condicao = "f.reservado_por = p_dono and f.cerca = p.cerca"
    assert condicao in reserva
    frouxa = reserva.replace(condicao, "true").replace("and f.intencao_em is null", "")
    admin.execute(frouxa.replace("f.reservado_ate > p_agora", "true"))
    admin.execute(alvo.replace("l.status <> 'RESERVADO'", "false"))
    yield
    admin.execute(reserva)
    admin.execute(alvo)


@pytest.mark.usefixtures("sem_cerca")
async def test_controle_sem_cerca_o_juiz_acusa(contar: Callable[..., Any]) -> None:
    """A worker that slept through its lease wakes up and sends what another one is sending."""
    historia = await contar("reservar:a", "varrer", "reservar:b", "pretender:b")
    await historia.passo("pretender:a")
    with pytest.raises(AssertionError, match="duplicada"):
        await historia.terminar("sem cerca")


async def test_com_cerca_o_atrasado_nao_envia(contar: Callable[..., Any]) -> None:
    historia = await contar("reservar:a", "varrer", "reservar:b", "pretender:b")
    await historia.passo("pretender:a")
    assert not historia.envios["a"]
    await historia.passo("registrar:b/ACEITO")
    await historia.terminar("com cerca")


async def test_dono_vencido_so_traz_noticia_definitiva(contar: Callable[..., Any], admin: Admin) -> None:
    """After the sweep the row is INCERTO: 'not sent' from the old owner does not put it back, 'accepted' settles it."""
    for desfecho, esperado in (("NAO_SAIU", "INCERTO"), ("DEPOIS", "INCERTO"), ("ACEITO", "ENVIADO")):
        historia = await contar(*ENVIANDO, "varrer", aceita=desfecho == "ACEITO")
        await historia.passo(f"registrar:a/{desfecho}")
        linhas = admin.execute("select status from campanhas_log where campanha_id = %s", [historia.campanha])
        assert {x["status"] for x in linhas.fetchall()} == {esperado}, desfecho
        await historia.terminar(desfecho)


async def test_vinte_inicios_em_paralelo(banco_api: Banco, admin: Admin, cena_base: Cena) -> None:
    admin.execute("delete from fila where cliente_id = %s", [cena_base.cliente_id])
    campanha = await criar_campanha(banco_api, cena_base)
    await asyncio.gather(*(iniciar(banco_api, cena_base, campanha) for _ in range(20)))
    linhas = admin.execute(
        "select tipo, count(*) as n from fila where cliente_id = %s group by tipo", [cena_base.cliente_id]
    ).fetchall()
    assert {x["tipo"]: x["n"] for x in linhas} == {"campanha_alimentar": 1, "campanha_enviar": 2}


async def test_o_mesmo_trabalho_tres_vezes(contar: Callable[..., Any]) -> None:
    """The same claim presented three times lets one message out; the same outcome three times counts once."""
    historia = await contar("reservar:a")
    reservas = list(historia.reservas["a"])
    for _ in range(3):
        historia.reservas["a"] = list(reservas)
        await historia.passo("pretender:a")
    assert len(historia.envios["a"]) == 2
    for _ in range(3):
        await historia.passo("registrar:a/ACEITO")
    await historia.terminar("três vezes")
