"""What the provider announces of accounts, numbers and templates becomes rows, and never undoes what is newer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, pretender, reservar

DIGITOS = "5511999990100"


@dataclass
class Mesa:
    """One tenant with a number whose digits are known, and the way a notice takes."""

    cena: Cena
    admin: Admin
    banco_api: Banco
    banco_worker: Banco
    banco_ingresso: Banco
    numero: str
    conta: str

    async def avisar(
        self, campo: str, valor: Any, quando: float | None = None, conexoes: list[UUID] | None = None
    ) -> None:
        entrada = {"id": self.conta, "changes": [{"field": campo, "value": valor}]}
        if quando is not None:
            entrada["time"] = int(quando)
        await chamar(
            self.banco_ingresso,
            "webhook.evento_receber",
            p_conexoes=conexoes or [self.cena.conexao_id],
            p_corpo=wm.corpo_de({"object": "whatsapp_business_account", "entry": [entrada]}),
            p_legivel=True,
        )
        await chamar(self.banco_worker, "worker.interno_executar", p_cliente_id=self.cena.cliente_id, p_limite=500)
        sobras = self.admin.execute(
            "select status, erro_texto from webhooks_recebidos where cliente_id = %s and status <> 'PROCESSADO'",
            [self.cena.cliente_id],
        ).fetchall()
        assert sobras == []

    def um(self, consulta: str, *argumentos: object) -> Any:
        linha = self.admin.execute(consulta, list(argumentos)).fetchone()
        assert linha
        return next(iter(linha.values()))

    def conexao(self, coluna: str) -> Any:
        return self.um(f"select {coluna} from conexoes where id = %s", self.cena.conexao_id)

    def modelo(self, coluna: str) -> Any:
        return self.um(f"select {coluna} from modelos where id = %s", self.cena.modelo_id)

    def limite(self) -> Any:
        linhas = self.admin.execute(
            "select limite_24h from portfolios where cliente_id = %s and conta_id_externa = %s",
            [self.cena.cliente_id, self.conta],
        ).fetchall()
        return [x["limite_24h"] for x in linhas]

    def motivos(self) -> list[str]:
        linhas = self.admin.execute(
            "select motivo from ocorrencias where cliente_id = %s order by id", [self.cena.cliente_id]
        ).fetchall()
        return [x["motivo"] for x in linhas]

    async def em_andamento(self) -> UUID:
        campanha = await criar_campanha(self.banco_api, self.cena)
        await iniciar(self.banco_api, self.cena, campanha)
        return campanha

    async def estado(self, campanha: UUID) -> str:
        return str((await obter(self.banco_api, self.cena, campanha))["status"])

    def do_modelo(self, **valor: Any) -> dict[str, Any]:
        return {"message_template_id": int(self.modelo("id_externo")), **valor}


@pytest.fixture
def montar(
    admin: Admin, novo_cliente: Callable[..., Any], banco_api: Banco, banco_worker: Banco, banco_ingresso: Banco
) -> Callable[..., Any]:
    async def fazer(**extra: Any) -> Mesa:
        cena = cenas.montar(admin, await novo_cliente("Avisos"), 10, **extra)
        linha = admin.execute(
            "update conexoes set numero_exibicao = '+55 11 99999-0100', criado_em = now() - interval '1 day',"
            " atualizado_em = now() - interval '1 day' where id = %s"
            " returning numero_id_externo as n, conta_id_externa as c",
            [cena.conexao_id],
        ).fetchone()
        assert linha
        admin.execute("alter table modelos disable trigger _020_atualizado")
        admin.execute("update modelos set atualizado_em = now() - interval '1 day' where id = %s", [cena.modelo_id])
        admin.execute("alter table modelos enable trigger _020_atualizado")
        return Mesa(cena, admin, banco_api, banco_worker, banco_ingresso, linha["n"], linha["c"])

    return fazer


@pytest.fixture
async def mesa(montar: Callable[..., Any]) -> Mesa:
    feita: Mesa = await montar()
    return feita


async def test_the_tier_comes_as_words_or_numbers(mesa: Mesa) -> None:
    assert mesa.limite() == []
    agora = time.time() - 100
    await mesa.avisar("phone_number_quality_update", {"event": "UPGRADE", "current_limit": "TIER_2K"}, agora)
    assert mesa.limite() == [2000]
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": 10000}, agora + 1)
    assert mesa.limite() == [10_000]
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": -1}, agora + 2)
    assert mesa.limite() == [None]
    await mesa.avisar("phone_number_quality_update", {"current_limit": "TIER_250"}, agora - 50)
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": "?"}, agora + 3)
    assert mesa.limite() == [None], "neither an old notice nor one that says nothing"
    assert mesa.motivos() == ["LIMITE_MUDOU"] * 3


async def test_a_clock_ahead_does_not_outlive_true_notices(mesa: Mesa) -> None:
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": 250}, time.time() + 10**6)
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": 2000})
    assert mesa.limite() == [2000]


async def test_a_flagged_number_stops_its_campaigns(mesa: Mesa) -> None:
    campanha = await mesa.em_andamento()
    aviso = {"display_phone_number": DIGITOS, "event": "FLAGGED", "current_limit": "TIER_UNLIMITED"}
    quando = time.time()
    await mesa.avisar("phone_number_quality_update", aviso, quando)
    assert (mesa.conexao("qualidade"), await mesa.estado(campanha)) == ("RED", "PAUSADA")
    assert sorted(mesa.motivos()) == ["QUALIDADE_RED", "QUALIDADE_RED"]
    consulta = mesa.um(
        "select count(*) from fila where tipo = 'conexao_consultar' and alvo_id = %s", mesa.cena.conexao_id
    )
    assert consulta == 1
    # somebody looked at it; the notice comes again
    await chamar(mesa.banco_api, "api.campanha_retomar", **mesa.cena.sessao.args, p_id=campanha)
    await mesa.avisar("phone_number_quality_update", aviso, quando)
    assert await mesa.estado(campanha) == "EM_ANDAMENTO"
    await mesa.avisar("phone_number_quality_update", {**aviso, "event": "UNFLAGGED"}, quando - 1000)
    assert mesa.conexao("qualidade") == "RED", "a stale notice"


async def test_a_notice_of_another_number_of_the_account(mesa: Mesa) -> None:
    campanha = await mesa.em_andamento()
    await mesa.avisar("phone_number_quality_update", {"display_phone_number": "5521988887777", "event": "FLAGGED"})
    assert (mesa.conexao("qualidade"), await mesa.estado(campanha)) == ("UNKNOWN", "EM_ANDAMENTO")


async def test_a_template_that_turns_red_stops_its_campaigns(mesa: Mesa) -> None:
    campanha = await mesa.em_andamento()
    await mesa.avisar("message_template_quality_update", mesa.do_modelo(new_quality_score="YELLOW"))
    assert (mesa.modelo("qualidade"), await mesa.estado(campanha)) == ("YELLOW", "EM_ANDAMENTO")
    await mesa.avisar("message_template_quality_update", mesa.do_modelo(new_quality_score="RED"))
    assert (mesa.modelo("qualidade"), await mesa.estado(campanha)) == ("RED", "PAUSADA")
    assert mesa.modelo("status") == "APPROVED"
    assert mesa.motivos() == ["QUALIDADE_YELLOW", "QUALIDADE_RED", "QUALIDADE_RED"]


async def test_yellow_halves_the_pace(mesa: Mesa) -> None:
    espera = (
        "select extract(epoch from max(executar_em) - min(executar_em))::float from fila"
        " where tipo = 'campanha_enviar' and cliente_id = %s"
    )
    await mesa.em_andamento()
    assert mesa.um(espera, mesa.cena.cliente_id) == 0
    mesa.admin.execute("delete from fila where cliente_id = %s", [mesa.cena.cliente_id])
    await mesa.avisar("message_template_quality_update", mesa.do_modelo(new_quality_score="YELLOW"))
    await mesa.em_andamento()
    assert mesa.um(espera, mesa.cena.cliente_id) == pytest.approx(9 * 0.026)  # 13 ms is the pace of 80/s, rounded


async def test_recategorised_to_marketing_stops_at_the_next_intent(montar: Callable[..., Any]) -> None:
    mesa = await montar(categoria="UTILITY")
    recusou, *_ = mesa.cena.contatos
    mesa.admin.execute("update contatos set marketing = 'REVOGADO' where id = %s", [recusou])
    campanha = await mesa.em_andamento()
    itens = await reservar(mesa.banco_worker, mesa.cena, 10)
    assert len(itens) == 10  # claimed already: the very next intent must know
    await mesa.avisar("template_category_update", mesa.do_modelo(new_category="MARKETING", previous_category="UTILITY"))
    envios = (await pretender(mesa.banco_worker, mesa.cena, itens))["envios"]
    assert len(envios) == 9
    assert (
        mesa.um("select motivo from campanhas_log where campanha_id = %s and contato_id = %s", campanha, recusou)
        == "OPTOUT"
    )
    assert mesa.motivos() == ["CATEGORIA_MUDOU"]
    await mesa.avisar("template_category_update", mesa.do_modelo(new_category="UTILITY"), time.time() - 5000)
    assert mesa.modelo("categoria") == "MARKETING", "a stale notice"


async def test_without_the_notice_it_goes_out(montar: Callable[..., Any]) -> None:
    """Negative control: a utility template reaches who refused marketing."""
    mesa = await montar(categoria="UTILITY")
    mesa.admin.execute("update contatos set marketing = 'REVOGADO' where id = %s", [mesa.cena.contatos[0]])
    await mesa.em_andamento()
    itens = await reservar(mesa.banco_worker, mesa.cena, 10)
    assert len((await pretender(mesa.banco_worker, mesa.cena, itens))["envios"]) == 10


async def test_an_edited_template_keeps_up(mesa: Mesa) -> None:
    campanha = await mesa.em_andamento()
    novo = mesa.do_modelo(message_template_element="Oi {{1}}, agora são {{2}}.")
    await mesa.avisar("message_template_components_update", novo, time.time() - 20)
    assert mesa.modelo("componentes -> 0 ->> 'text'") == "Oi {{1}}, agora são {{2}}."
    assert await mesa.estado(campanha) == "EM_ANDAMENTO"
    await mesa.avisar(
        "message_template_components_update", mesa.do_modelo(message_template_element="Velho {{1}}"), time.time() - 500
    )
    assert mesa.modelo("variaveis") == ["1", "2"]
    await mesa.avisar("message_template_components_update", mesa.do_modelo(message_template_element="Oi {{1}}"))
    assert mesa.modelo("variaveis") == ["1"]
    assert await mesa.estado(campanha) == "PAUSADA"


RESTRICAO = {
    "event": "ACCOUNT_RESTRICTION",
    "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1795392000}],
}


async def test_a_restricted_account_pauses_all_its_numbers(mesa: Mesa) -> None:
    outra = cenas.montar(mesa.admin, mesa.cena.sessao, 1)
    mesa.admin.execute(
        "update conexoes set conta_id_externa = %s, atualizado_em = now() - interval '1 day' where id = %s",
        [mesa.conta, outra.conexao_id],
    )
    quando = time.time() - 5
    ambas = [mesa.cena.conexao_id, outra.conexao_id]
    mesa.admin.execute("alter table conexoes disable trigger _020_atualizado")
    mesa.admin.execute("update conexoes set atualizado_em = now() - interval '1 day' where id = any(%s)", [ambas])
    mesa.admin.execute("alter table conexoes enable trigger _020_atualizado")
    await mesa.avisar("account_update", RESTRICAO, quando, ambas)
    estados = mesa.admin.execute("select status from conexoes where id = any(%s)", [ambas]).fetchall()
    assert [x["status"] for x in estados] == ["PAUSADA", "PAUSADA"]
    assert mesa.conexao("status_motivo") == (
        "O WhatsApp restringiu a conta (RESTRICTED_BIZ_INITIATED_MESSAGING) até 22/11/2026:"
        " os números dela foram pausados"
    )
    assert mesa.motivos().count("ACCOUNT_STOP") == 3  # two numbers and the account itself
    await chamar(mesa.banco_api, "api.conexao_ativar", **mesa.cena.sessao.args, p_id=mesa.cena.conexao_id)
    await mesa.avisar("account_update", RESTRICAO, quando, ambas)
    assert mesa.conexao("status") == "ATIVA", "the same notice again does not undo what a person decided"
    assert mesa.motivos().count("ACCOUNT_STOP") == 3


@pytest.mark.parametrize(
    ("valor", "status"),
    [
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}, "PAUSADA"),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}, "ATIVA"),
        ({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "ADULT"}}, "ATIVA"),
        (
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}],
            },
            "ATIVA",
        ),
        ({"event": "ACCOUNT_DELETED"}, "PAUSADA"),
        ({}, "ATIVA"),
        ({"event": ["x"], "restriction_info": [7], "ban_info": "y"}, "ATIVA"),
    ],
)
async def test_other_changes_of_the_account(mesa: Mesa, valor: Any, status: str) -> None:
    await mesa.avisar("account_update", valor)
    assert mesa.conexao("status") == status
    assert len(mesa.motivos()) == (2 if status == "PAUSADA" else 1)


async def test_an_alert_is_noted_once(mesa: Mesa) -> None:
    alerta = {"alert_info": {"alert_severity": "CRITICAL", "alert_type": "X", "alert_description": "Verifique a conta"}}
    await mesa.avisar("account_alerts", alerta)
    await mesa.avisar("account_alerts", alerta)
    assert mesa.um("select texto from ocorrencias where cliente_id = %s", mesa.cena.cliente_id).endswith(
        "CRITICAL: X: Verifique a conta"
    )
    assert mesa.motivos() == ["CONTA_ALERTA"]


async def test_a_name_is_kept_when_approved(mesa: Mesa) -> None:
    pedido = {"display_phone_number": DIGITOS, "requested_verified_name": "Aurora", "rejection_reason": "NONE"}
    agora = time.time() - 50
    await mesa.avisar("phone_number_name_update", {**pedido, "decision": "APPROVED"}, agora)
    assert mesa.conexao("nome_verificado") == "Aurora"
    await mesa.avisar(
        "phone_number_name_update", {**pedido, "decision": "APPROVED", "requested_verified_name": "Velho"}, agora - 10
    )
    await mesa.avisar(
        "phone_number_name_update", {**pedido, "decision": "REJECTED", "requested_verified_name": "Outra"}, agora + 10
    )
    assert mesa.conexao("nome_verificado") == "Aurora"
    assert mesa.motivos() == ["NOME_APROVADO", "NOME_RECUSADO"]


@pytest.mark.parametrize(
    "valor", [{}, {"event": None}, {"message_template_id": {}}, {"new_quality_score": 7}, {"x": []}]
)
@pytest.mark.parametrize(
    "campo",
    [
        "phone_number_quality_update",
        "phone_number_name_update",
        "business_capability_update",
        "account_alerts",
        "message_template_quality_update",
        "template_category_update",
        "message_template_components_update",
    ],
)
async def test_an_empty_notice_harms_nothing(mesa: Mesa, campo: str, valor: Any) -> None:
    await mesa.avisar(campo, valor)
    assert (mesa.conexao("status"), mesa.modelo("status")) == ("ATIVA", "APPROVED")


async def test_another_tenant_of_the_same_account_is_told_separately(mesa: Mesa, montar: Callable[..., Any]) -> None:
    """A body reaches the tenants whose secret signed it, and only those."""
    alheia = await montar()
    mesa.admin.execute("update conexoes set conta_id_externa = %s where id = %s", [mesa.conta, alheia.cena.conexao_id])
    await mesa.avisar("account_update", {"event": "ACCOUNT_DELETED"})
    await mesa.avisar("business_capability_update", {"max_daily_conversations_per_business": 250})
    assert (mesa.conexao("status"), alheia.conexao("status")) == ("PAUSADA", "ATIVA")
    assert alheia.motivos() == []
