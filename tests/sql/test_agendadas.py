"""Messages for later: the hour on somebody's clock, fired once, called off by an answer, never both."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import chamar, cru
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

SP = "America/Sao_Paulo"


def local(quando: datetime, fuso: str = SP) -> str:
    return quando.astimezone(ZoneInfo(fuso)).strftime("%Y-%m-%dT%H:%M:%S")


def daqui(**delta: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(**delta)


@dataclass
class Agenda:
    """One tenant, a conversation whose window is open, and the worker that does what is due."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    banco_worker: Banco
    conversa: UUID

    async def chamar(self, funcao: str, **extra: Any) -> Any:
        return await chamar(self.banco_api, funcao, **{**self.cena.sessao.args, **extra})

    async def criar(self, quando: datetime | None = None, **extra: Any) -> Any:
        argumentos: dict[str, Any] = {
            "p_tipo": "TEXTO", "p_conteudo": cru({"texto": "lembrete"}), "p_conversa_id": self.conversa, "p_fuso": SP,
            "p_enviar_em": local(quando or daqui(hours=1)), **extra,
        }  # fmt: skip
        return await self.chamar("api.agendada_criar", **argumentos)

    async def recusa(self, funcao: str = "api.agendada_criar", **extra: Any) -> tuple[str, str | None]:
        with pytest.raises(Erro) as erro:
            await (self.criar(**extra) if funcao == "api.agendada_criar" else self.chamar(funcao, **extra))
        return erro.value.codigo, erro.value.corpo.campo

    def vencer(self, agendada: Any, atraso: str = "1 second") -> None:
        for tabela, coluna, chave in (("mensagens_agendadas", "enviar_em", "id"), ("fila", "executar_em", "alvo_id")):
            self.admin.execute(
                f"update {tabela} set {coluna} = now() - %s::interval where {chave} = %s", [atraso, agendada["id"]]
            )

    async def executar(self) -> None:
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id)

    async def disparar(self, agendada: Any) -> Any:
        self.vencer(agendada)
        await self.executar()
        return await self.chamar("api.agendada_obter", p_id=UUID(agendada["id"]))

    def ver(self, consulta: str, *valores: object) -> list[dict[str, Any]]:
        return self.admin.execute(consulta.replace("$c", f"'{self.cena.cliente_id}'"), valores).fetchall()

    def mensagens(self) -> list[dict[str, Any]]:
        return self.ver("select * from mensagens where cliente_id = $c and direcao = 'SAIDA' order by ordem")

    def entrada(self, quando: datetime | None = None) -> psycopg.types.json.Jsonb:
        item = {
            "conexaoId": str(self.cena.conexao_id), "idExterno": secrets.token_hex(8), "tipo": "TEXTO", "corpo": "oi",
            "identidades": [{"tipo": "WA_ID", "valor": "5511900000001"}], "conteudo": {"texto": "oi"},
            "ocorridoEm": (quando or daqui(seconds=1)).isoformat(),
        }  # fmt: skip
        return psycopg.types.json.Jsonb([item])

    def responder(self, conexao: psycopg.Connection[Any], quando: datetime | None = None) -> None:
        """What intake does, on a session of the test's own, so that it can stay open."""
        conexao.execute("select set_config('app.cliente_id', %s, true)", [str(self.cena.cliente_id)])
        conexao.execute("select interno.entrada_registrar(%s, %s)", [self.cena.cliente_id, self.entrada(quando)])


@pytest.fixture
def montar(admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco) -> Callable[..., Any]:
    async def fazer() -> Agenda:
        cena = cenas.montar(admin, await novo_cliente("Agenda"), 2)
        linha = admin.execute(
            "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em)"
            " values (%s, %s, %s, now() + interval '20 hours') returning id",
            [cena.cliente_id, cena.conexao_id, cena.contatos[0]],
        ).fetchone()
        assert linha
        admin.execute(
            "insert into contatos_identidades (cliente_id, contato_id, tipo, valor)"
            " values (%s, %s, 'WA_ID', '5511900000001')",
            [cena.cliente_id, cena.contatos[0]],
        )
        return Agenda(cena, admin, banco_api, banco_worker, linha["id"])

    return fazer


@pytest.fixture
async def agenda(montar: Callable[..., Any]) -> Agenda:
    feita: Agenda = await montar()
    return feita


async def test_a_hora_do_relogio_vira_instante(agenda: Agenda) -> None:
    feita = await agenda.criar(p_enviar_em="2027-01-15T09:30", p_fuso="America/New_York")
    assert feita["enviarEm"].startswith("2027-01-15T14:30:00") and feita["local"] == "2027-01-15T09:30:00"
    (fila,) = agenda.ver("select executar_em, prioridade, execucao from fila where alvo_id = %s", feita["id"])
    assert fila == {"executar_em": datetime(2027, 1, 15, 14, 30, tzinfo=UTC), "prioridade": 5, "execucao": "BANCO"}


async def test_o_que_nao_se_agenda(agenda: Agenda, montar: Callable[..., Any]) -> None:
    outra = await montar()
    for extra, esperado in [
        ({"quando": daqui(minutes=-1)}, ("ZRV42", "enviarEm")),
        ({"quando": daqui(days=367)}, ("ZRV43", "enviarEm")),
        ({"p_fuso": "Brasil/Lugar"}, ("ZRV40", "fuso")),
        ({"p_enviar_em": "2027-02-30T10:00"}, ("ZRV41", "enviarEm")),
        ({"p_enviar_em": "amanhã"}, ("ZRV41", "enviarEm")),
        ({"p_recorrencia": "ANUAL"}, ("ZRV44", "recorrencia")),
        ({"p_ate": daqui(days=9)}, ("ZRV45", "ate")),
        ({"p_recorrencia": "DIARIA", "p_ate": daqui(minutes=1)}, ("ZRV45", "ate")),
        ({"p_conteudo": cru({"texto": ""})}, ("ZRV03", "conteudo.texto")),
        ({"p_conversa_id": outra.conversa}, ("ZNV01", None)),
        ({"p_conversa_id": None, "p_contato_id": outra.cena.contatos[0], "p_conexao_id": agenda.cena.conexao_id},
         ("ZNC01", "contatoId")),
        ({"p_conversa_id": None, "p_contato_id": agenda.cena.contatos[0], "p_conexao_id": outra.cena.conexao_id},
         ("ZNX01", "conexaoId")),
    ]:  # fmt: skip
        assert await agenda.recusa(**extra) == esperado, extra
    assert agenda.ver("select from mensagens_agendadas where cliente_id = $c") == []
    assert agenda.ver("select from fila where cliente_id = $c") == []


async def test_dispara_uma_vez_por_mais_que_se_repita(agenda: Agenda) -> None:
    a = await agenda.criar()
    await agenda.executar()
    assert agenda.mensagens() == [], "not before its hour"
    feita = await agenda.disparar(a)
    (m,) = agenda.mensagens()
    assert (feita["status"], feita["mensagemId"]) == ("DISPARADA", str(m["id"]))
    assert (m["origem"], m["tipo"], m["corpo"], m["status"]) == ("AGENDADA", "TEXTO", "lembrete", "RESERVADO")
    (f,) = agenda.ver("select prioridade, chave_ordem from fila where alvo_id = %s", m["id"])
    assert f == {"prioridade": 5, "chave_ordem": agenda.conversa}
    for _ in range(5):
        # the job comes back, as after a crash between its commit and somebody's belief in it
        agenda.admin.execute(
            "insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
            " values (%s, 'agendada_disparar', 5, now(), %s) on conflict do nothing",
            [agenda.cena.cliente_id, a["id"]],
        )
        await asyncio.gather(*(agenda.executar() for _ in range(3)))
    assert len(agenda.mensagens()) == 1
    assert await agenda.recusa("api.agendada_cancelar", p_id=UUID(a["id"])) == ("ZCV06", None)


RECUSAS = {
    "ZRV34": "update conversas set janela_expira_em = now() where cliente_id = $c",
    "ZRV31": "update contatos set bloqueado = true where cliente_id = $c",
    "ZRV30": "update contatos set removido_em = now() where cliente_id = $c",
    "ZRV33": "update conexoes set status = 'DESATIVADA' where cliente_id = $c",
}


@pytest.mark.parametrize("codigo", RECUSAS)
async def test_regra_que_recusa_fica_escrita(agenda: Agenda, codigo: str) -> None:
    a = await agenda.criar()
    agenda.admin.execute(RECUSAS[codigo].replace("$c", f"'{agenda.cena.cliente_id}'"))
    feita = await agenda.disparar(a)
    assert (feita["status"], feita["motivo"]) == ("FALHOU", codigo)
    assert feita["motivoTexto"] and feita["mensagemId"] is None
    assert agenda.mensagens() == [] and agenda.ver("select from fila where cliente_id = $c") == []
    assert len(agenda.ver("select from conversas where cliente_id = $c")) == 1


async def test_recusa_nao_deixa_conversa_vazia(agenda: Agenda) -> None:
    a = await agenda.criar(
        p_conversa_id=None, p_contato_id=agenda.cena.contatos[1], p_conexao_id=agenda.cena.conexao_id
    )
    assert (await agenda.disparar(a))["motivo"] == "ZRV34"
    assert len(agenda.ver("select from conversas where cliente_id = $c")) == 1
    modelo = {"modeloId": str(agenda.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}
    b = await agenda.criar(
        p_conversa_id=None, p_contato_id=agenda.cena.contatos[1], p_conexao_id=agenda.cena.conexao_id,
        p_tipo="MODELO", p_conteudo=cru(modelo),
    )  # fmt: skip
    assert (await agenda.disparar(b))["status"] == "DISPARADA"
    assert len(agenda.ver("select from conversas where cliente_id = $c")) == 2


async def test_optout_vale_para_o_que_ja_estava_agendado(agenda: Agenda) -> None:
    modelo = {"modeloId": str(agenda.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}}
    a = await agenda.criar(p_tipo="MODELO", p_conteudo=cru(modelo))
    await agenda.chamar(
        "api.consentimento_criar", p_contato_id=agenda.cena.contatos[0], p_acao="REVOGADO", p_prova="pediu"
    )
    assert (await agenda.disparar(a))["motivo"] == "ZRV32"


async def test_resposta_cancela_e_so_quem_pediu(agenda: Agenda, url_de: Callable[[str], str]) -> None:
    com, sem = await agenda.criar(p_cancelar_se_responder=True), await agenda.criar()
    with psycopg.connect(url_de("postgres")) as conexao:
        agenda.responder(conexao, daqui(hours=-2))
        conexao.commit()
        vista = await agenda.chamar("api.agendada_obter", p_id=UUID(com["id"]))
        assert vista["status"] == "AGENDADA", "said before it was scheduled"
        agenda.responder(conexao)
        conexao.commit()
    vista = await agenda.chamar("api.agendada_obter", p_id=UUID(com["id"]))
    assert (vista["status"], vista["motivo"]) == ("CANCELADA", "RESPONDEU")
    assert agenda.ver("select from fila where alvo_id = %s", com["id"]) == []
    assert (await agenda.disparar(sem))["status"] == "DISPARADA"


@pytest.mark.parametrize("primeiro", ["resposta", "disparo"])
async def test_resposta_e_disparo_no_mesmo_instante(
    agenda: Agenda, url_de: Callable[[str], str], primeiro: str
) -> None:
    """Two sessions, both orders: whoever takes the conversation first decides, and exactly one of both happens."""
    a = await agenda.criar(p_cancelar_se_responder=True)
    agenda.vencer(a)
    with psycopg.connect(url_de("postgres")) as uma, psycopg.connect(url_de("postgres")) as outra:

        def disparar(conexao: psycopg.Connection[Any]) -> None:
            conexao.execute("select worker.interno_executar(%s)", [agenda.cena.cliente_id])

        passos = [agenda.responder, disparar] if primeiro == "resposta" else [disparar, agenda.responder]
        passos[0](uma)
        depois = asyncio.create_task(asyncio.to_thread(passos[1], outra))
        await asyncio.sleep(0.3)
        # an answer takes the job out of everybody's reach; a job that is being done makes the answer wait
        assert depois.done() == (primeiro == "resposta")
        uma.commit()
        await depois
        outra.commit()
    vista = await agenda.chamar("api.agendada_obter", p_id=UUID(a["id"]))
    enviadas = len(agenda.mensagens())
    assert (vista["status"], enviadas) == (("CANCELADA", 0) if primeiro == "resposta" else ("DISPARADA", 1))
    entradas = agenda.ver("select from mensagens where cliente_id = $c and direcao = 'ENTRADA'")
    assert len(entradas) == 1


async def test_corrida_de_muitas(agenda: Agenda, url_de: Callable[[str], str]) -> None:
    """Twenty scheduled messages, one answer, in whatever interleaving: each is either out or called off."""
    feitas = [await agenda.criar(p_cancelar_se_responder=True) for _ in range(20)]
    for a in feitas:
        agenda.vencer(a)

    def responder() -> None:
        with psycopg.connect(url_de("postgres")) as conexao:
            agenda.responder(conexao)

    um = {"p_cliente_id": agenda.cena.cliente_id, "p_limite": 1}
    await asyncio.gather(
        *(chamar(agenda.banco_worker, "worker.interno_executar", **um) for _ in range(10)), asyncio.to_thread(responder)
    )
    await agenda.executar()
    estados = agenda.ver("select status, mensagem_id from mensagens_agendadas where cliente_id = $c")
    disparadas = [e for e in estados if e["status"] == "DISPARADA"]
    assert {e["status"] for e in estados} <= {"DISPARADA", "CANCELADA"} and len(estados) == 20
    assert {e["mensagem_id"] for e in disparadas} == {m["id"] for m in agenda.mensagens()}
    assert len(agenda.mensagens()) == len(disparadas)


@pytest.mark.parametrize(
    ("recorrencia", "inicio", "fuso", "esperadas"),
    [
        # the clock of New York jumps on 14 March 2027: nine in the morning stays nine in the morning
        ("DIARIA", "2027-03-12T09:00:00", "America/New_York",
         ["2027-03-12T14:00", "2027-03-13T14:00", "2027-03-14T13:00", "2027-03-15T13:00"]),
        ("SEMANAL", "2027-10-26T08:00:00", "Europe/Lisbon", ["2027-10-26T07:00", "2027-11-02T08:00"]),
        # the 31st of a month that has none is its last day, and the next is the 31st again
        ("MENSAL", "2027-01-31T10:00:00", SP, ["2027-01-31T13:00", "2027-02-28T13:00", "2027-03-31T13:00"]),
    ],
)  # fmt: skip
async def test_recorrencia_segue_o_relogio(
    agenda: Agenda, recorrencia: str, inicio: str, fuso: str, esperadas: list[str]
) -> None:
    for n, esperada in enumerate(esperadas):
        linha = agenda.ver("select interno.agendada_instante(%s, %s, %s, %s) as em", inicio, fuso, recorrencia, n)
        assert linha[0]["em"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == esperada


async def test_recorrente_agenda_a_seguinte(agenda: Agenda) -> None:
    quando = daqui(hours=2)
    a = await agenda.criar(quando, p_recorrencia="DIARIA", p_ate=quando + timedelta(days=2))
    vistas = []
    proxima: Any = a
    for n in range(3):
        vistas.append(proxima["enviarEm"])
        # as if its day had come: the series stands still, time moves
        agenda.admin.execute(
            "update mensagens_agendadas set enviar_em = now() where id = %(id)s", {"id": proxima["id"]}
        )
        agenda.admin.execute(
            "update fila set executar_em = now() where tipo = 'agendada_disparar' and alvo_id = %(id)s",
            {"id": proxima["id"]},
        )
        await agenda.executar()
        esperam = await agenda.chamar("api.agendadas_listar", p_status="AGENDADA")
        if n < 2:
            (proxima,) = esperam["dados"]
            assert (proxima["serieId"], proxima["numero"]) == (a["serieId"], n + 1)
        else:
            assert esperam["dados"] == [], "the end was reached"
    assert len(agenda.mensagens()) == 3
    instantes = [datetime.fromisoformat(v) for v in vistas]
    assert all(b - c == timedelta(days=1) for c, b in itertools.pairwise(instantes))


async def test_o_que_se_perdeu_nao_se_repete(agenda: Agenda) -> None:
    """Nothing ran for ten days: one goes out late, and the next is ahead."""
    a = await agenda.criar(p_recorrencia="DIARIA")
    passado = local(daqui(days=-10))
    agenda.admin.execute("update mensagens_agendadas set local_em = %s where id = %s", [passado, a["id"]])
    await agenda.disparar(a)
    assert len(agenda.mensagens()) == 1
    (proxima,) = agenda.ver(
        "select enviar_em > now() as adiante, numero from mensagens_agendadas"
        " where cliente_id = $c and status = 'AGENDADA'"
    )
    # ten days ago at this very hour: the tenth repetition may be a second behind or ahead
    assert proxima["adiante"] and proxima["numero"] in (10, 11)


async def test_mudar_e_cancelar(agenda: Agenda) -> None:
    a = await agenda.criar()
    quando = daqui(hours=5)
    mudada = await agenda.chamar(
        "api.agendada_atualizar", p_id=UUID(a["id"]), p_versao=a["versao"], p_enviar_em=local(quando),
        p_conteudo=cru({"texto": "outro"}),
    )  # fmt: skip
    assert datetime.fromisoformat(mudada["enviarEm"]) == quando and mudada["conteudo"] == {"texto": "outro"}
    (fila,) = agenda.ver("select executar_em from fila where alvo_id = %s", a["id"])
    assert fila["executar_em"] == quando
    velha = await agenda.recusa("api.agendada_atualizar", p_id=UUID(a["id"]), p_versao=a["versao"], p_fuso=SP)
    assert velha == ("ZCG02", "versao")
    cancelada = await agenda.chamar("api.agendada_cancelar", p_id=UUID(a["id"]), p_versao=mudada["versao"])
    assert (cancelada["status"], cancelada["motivo"]) == ("CANCELADA", "CANCELADA")
    assert agenda.ver("select from fila where cliente_id = $c") == []
    assert await agenda.recusa("api.agendada_atualizar", p_id=UUID(a["id"]), p_fuso=SP) == ("ZCV06", None)


async def test_limite_de_agendamentos(agenda: Agenda) -> None:
    agenda.admin.execute(
        "insert into mensagens_agendadas (cliente_id, contato_id, conexao_id, tipo, conteudo, local_em, fuso,"
        " enviar_em, serie_id, numero, criado_por)"
        " select %s, %s, %s, 'TEXTO', '{\"texto\": \"x\"}', '2027-01-01T00:00:00', 'UTC', '2027-01-01', %s, n, %s"
        " from generate_series(1, 10000) as n",
        [
            agenda.cena.cliente_id, agenda.cena.contatos[0], agenda.cena.conexao_id, agenda.conversa,
            agenda.cena.sessao.usuario_id,
        ],
    )  # fmt: skip
    assert await agenda.recusa() == ("ZLV02", None)


async def test_a_vizinha_nao_ve(agenda: Agenda, montar: Callable[..., Any]) -> None:
    outra = await montar()
    a = await agenda.criar()
    for funcao in ("api.agendada_obter", "api.agendada_atualizar", "api.agendada_cancelar"):
        assert (await outra.recusa(funcao, p_id=UUID(a["id"])))[0] == "ZNV03"
    assert (await outra.chamar("api.agendadas_listar"))["dados"] == []
    assert len((await agenda.chamar("api.agendadas_listar"))["dados"]) == 1
