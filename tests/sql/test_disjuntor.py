"""A campaign that goes wrong stops by itself: runs of refusals, and ratios over what was sent lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Disjuntor"), 5)


@pytest.fixture
async def campanha(banco_api: Banco, cena: Cena) -> UUID:
    criada = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, criada)
    return criada


def contar(admin: Admin, cena: Cena, campanha: UUID, *classes: str | None, tardias: bool = False) -> None:
    """One batch of outcomes; None is an acceptance."""
    itens = [
        {
            "acao": "FALHOU" if classe else "ENVIADO",
            "classe": classe,
            "alvo": {"campanha_id": str(campanha)},
            **({"falhou_em": "2026-11-22T12:00:00Z"} if tardias else {}),
        }
        for classe in classes
    ]
    admin.execute("select set_config('app.cliente_id', %s, false)", [str(cena.cliente_id)])
    admin.execute("select interno.disjuntor_contar(%s, %s)", [cena.cliente_id, psycopg.types.json.Jsonb(itens)])


async def estado(banco_api: Banco, cena: Cena, campanha: UUID) -> tuple[str, str | None]:
    dados = await obter(banco_api, cena, campanha)
    return dados["status"], dados["statusMotivo"]


async def test_twenty_refusals_in_a_row(banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    contar(admin, cena, campanha, None, *["REQUEST"] * 12)
    contar(admin, cena, campanha, *["TEMPLATE_STOP"] * 7)
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"
    contar(admin, cena, campanha, "REQUEST", None)
    status, motivo = await estado(banco_api, cena, campanha)
    assert status == "PAUSADA"
    assert motivo == "O WhatsApp recusou 20 envios seguidos pelo mesmo tipo de erro: confira o modelo e as variáveis"
    linhas = admin.execute(
        "select escopo, alvo_id, conexao_id, motivo from ocorrencias where cliente_id = %s", [cena.cliente_id]
    ).fetchall()
    assert linhas == [
        {"escopo": "CAMPANHA", "alvo_id": campanha, "conexao_id": cena.conexao_id, "motivo": "RECUSAS_SEGUIDAS"}
    ]
    totais = (await obter(banco_api, cena, campanha))["totais"]
    assert (totais["PENDENTE"], totais["RESERVADO"]) == (5, 0)


async def test_an_acceptance_breaks_the_row(banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    for _ in range(4):
        contar(admin, cena, campanha, *["REQUEST"] * 10, None, *["REQUEST"] * 9)
    # ten, then nine that the next batch's ten follow: nineteen
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"


LIMITES = {
    "RECUSAS_DEMAIS": ("REQUEST", 50),
    "FALHAS_DEMAIS": ("DEFER", 30),
    "BLOQUEIOS_DEMAIS": ("CONTACT", 25),
    "OPTOUT_DEMAIS": ("OPTOUT", 3),
}


def misturar(classe: str, por_cento: int) -> list[str | None]:
    """A hundred outcomes with that many of the class, evenly spread."""
    return [classe if (n + 1) * por_cento // 100 > n * por_cento // 100 else None for n in range(100)]


@pytest.mark.parametrize("tardias", [False, True])
@pytest.mark.parametrize("motivo", LIMITES)
async def test_a_ratio_at_its_limit(
    banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID, motivo: str, tardias: bool
) -> None:
    classe, limite = LIMITES[motivo]
    if motivo == "RECUSAS_DEMAIS":  # or what counts every failure would be there first
        admin.execute(
            "insert into protecoes (cliente_id, alvo_id, falhas_pct) values (%s, %s, 101)", [cena.cliente_id, campanha]
        )
    if tardias:
        contar(admin, cena, campanha, *[None] * 100)
        contar(admin, cena, campanha, *[classe] * (min(limite, 19) - 1), tardias=True)
        assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"
        contar(admin, cena, campanha, *[classe] * (limite - min(limite, 19) + 1), tardias=True)
    else:
        contar(admin, cena, campanha, *misturar(classe, limite)[:99])
        assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO", "not before the sample is there"
        contar(admin, cena, campanha, misturar(classe, limite)[99])
    linha = admin.execute("select motivo from ocorrencias where cliente_id = %s", [cena.cliente_id]).fetchall()
    assert (await estado(banco_api, cena, campanha))[0] == "PAUSADA"
    esperado = {motivo, "RECUSAS_SEGUIDAS"} if tardias and motivo == "RECUSAS_DEMAIS" else {motivo}
    assert len(linha) == 1
    assert linha[0]["motivo"] in esperado


@pytest.mark.parametrize("motivo", LIMITES)
async def test_a_ratio_below_its_limit(banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID, motivo: str) -> None:
    classe, limite = LIMITES[motivo]
    if motivo == "RECUSAS_DEMAIS":
        limite = 30
    for _ in range(5):
        contar(admin, cena, campanha, *misturar(classe, limite - 1))
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"


async def test_what_is_long_past_does_not_count(banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    contar(admin, cena, campanha, *misturar("DEFER", 29))
    for _ in range(3):
        contar(admin, cena, campanha, *[None] * 100)
    contar(admin, cena, campanha, *misturar("DEFER", 29))
    conta = admin.execute(
        "select envios, falhas, envios_antes, falhas_antes from campanhas_disjuntor where campanha_id = %s", [campanha]
    ).fetchone()
    assert conta == {"envios": 100, "falhas": 29, "envios_antes": 100, "falhas_antes": 0}


async def test_resuming_starts_anew(banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID) -> None:
    contar(admin, cena, campanha, *["REQUEST"] * 20)
    assert (await estado(banco_api, cena, campanha))[0] == "PAUSADA"
    await chamar(banco_api, "api.campanha_retomar", **cena.sessao.args, p_id=campanha)
    contar(admin, cena, campanha, *["REQUEST"] * 19)
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"
    contar(admin, cena, campanha, "REQUEST")
    assert (await estado(banco_api, cena, campanha))[0] == "PAUSADA"


async def test_limits_are_data_of_the_tenant_or_the_campaign(
    banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    outra = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, outra)
    admin.execute(
        "insert into protecoes (cliente_id, alvo_id, seguidas) values (%(c)s, %(c)s, 5), (%(c)s, %(k)s, 8)",
        {"c": cena.cliente_id, "k": campanha},
    )
    for alvo in (campanha, outra):
        contar(admin, cena, alvo, *["REQUEST"] * 6)
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"
    assert (await estado(banco_api, cena, outra))[0] == "PAUSADA"


async def test_what_says_nothing_of_the_campaign_does_not_count(
    banco_api: Banco, admin: Admin, cena: Cena, campanha: UUID
) -> None:
    itens = [
        {"acao": "ADIAR", "classe": "RATE_NUMBER", "alvo": {"campanha_id": str(campanha)}},
        {"acao": "DEVOLVER", "classe": "AUTH", "alvo": {"campanha_id": str(campanha)}},
        {"acao": "FALHOU", "classe": "REQUEST", "alvo": {"campanha_id": None}},
    ] * 50
    admin.execute("select set_config('app.cliente_id', %s, false)", [str(cena.cliente_id)])
    admin.execute("select interno.disjuntor_contar(%s, %s)", [cena.cliente_id, psycopg.types.json.Jsonb(itens)])
    assert admin.execute("select from campanhas_disjuntor where campanha_id = %s", [campanha]).fetchall() == []
    assert (await estado(banco_api, cena, campanha))[0] == "EM_ANDAMENTO"
