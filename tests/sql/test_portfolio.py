"""The portfolio guard: no more people in a moving day than the provider allows, and a plan that says so beforehand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, criar_campanha, iniciar, obter, pretender, registrar, reservar, resposta


@pytest.fixture
def montar(admin: Admin, novo_cliente: Callable[..., Any]) -> Callable[..., Any]:
    async def fazer(contatos: int, limite: int | None, usados: int = 0, horas: int = 2, **extra: Any) -> Cena:
        cena = cenas.montar(admin, await novo_cliente("Portfólio"), contatos + usados, **extra)
        if limite is not None:
            portfolio = limitar(admin, cena, limite)
            admin.execute(
                "insert into portfolio_contatos select cliente_id, %s, id, now() - %s * interval '1 hour'"
                " from contatos where id = any(%s)",
                [portfolio, horas, cena.contatos[contatos:]],
            )
        return Cena(cena.sessao, cena.conexao_id, cena.modelo_id, cena.contatos[:contatos])

    return fazer


def limitar(admin: Admin, cena: Cena, limite: int | None) -> UUID:
    linha = admin.execute(
        "insert into portfolios (cliente_id, conta_id_externa, limite_24h, origem, limite_em)"
        " select cliente_id, conta_id_externa, %s, 'AVISO', now() from conexoes where id = %s returning id",
        [limite, cena.conexao_id],
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


async def alimentar(banco_worker: Banco, admin: Admin, cena: Cena) -> None:
    admin.execute("update fila set executar_em = now() where cliente_id = %s and execucao = 'BANCO'", [cena.cliente_id])
    await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id)


async def mandar(banco_worker: Banco, cena: Cena) -> int:
    total = 0
    while itens := await reservar(banco_worker, cena, 100):
        envios = (await pretender(banco_worker, cena, itens))["envios"]
        await registrar(
            banco_worker, cena, [resposta(e, "ACEITO", idExterno=f"wamid.{e['tentativaId']}") for e in envios]
        )
        total += len(envios)
    return total


def contados(admin: Admin, cena: Cena) -> int:
    linha = admin.execute(
        "select count(*) as n from portfolio_contatos where cliente_id = %s", [cena.cliente_id]
    ).fetchone()
    assert linha
    return int(linha["n"])


async def simular(banco_api: Banco, cena: Cena, campanha: UUID) -> Any:
    return await chamar(banco_api, "api.campanha_simular", **cena.sessao.args, p_id=campanha)


async def test_a_plan_spreads_over_the_days(banco_api: Banco, montar: Callable[..., Any]) -> None:
    cena = await montar(1200, 2000, usados=1500)
    simulada = await simular(banco_api, cena, await criar_campanha(banco_api, cena))
    hoje = date.fromisoformat(simulada["plano"][0]["dia"])
    assert simulada["plano"] == [
        {"dia": str(hoje), "pessoas": 500},
        {"dia": str(hoje + timedelta(days=1)), "pessoas": 700},
    ]
    assert simulada["limitadoPor"] == "PORTFOLIO"
    assert 86_400 < simulada["etaSegundos"] < 86_400 + 60


async def test_without_knowledge_no_limit_is_invented(banco_api: Banco, montar: Callable[..., Any]) -> None:
    cena = await montar(1200, None)
    simulada = await simular(banco_api, cena, await criar_campanha(banco_api, cena))
    assert [d["pessoas"] for d in simulada["plano"]] == [1200]
    assert simulada["limitadoPor"] == "NUMERO"


async def test_who_was_counted_costs_nothing(banco_api: Banco, admin: Admin, montar: Callable[..., Any]) -> None:
    cena = await montar(30, 20)
    admin.execute(
        "insert into portfolio_contatos select c.cliente_id, p.id, c.id, now() from contatos as c"
        " join portfolios as p on p.cliente_id = c.cliente_id where c.id = any(%s)",
        [cena.contatos[:15]],
    )
    simulada = await simular(banco_api, cena, await criar_campanha(banco_api, cena))
    assert [d["pessoas"] for d in simulada["plano"]] == [20, 10]


@pytest.mark.parametrize(
    ("vao", "gratis", "limite", "restam", "por_dia", "dias"),
    [
        (10, 0, None, None, 1000, [10]),
        (0, 0, 5, 5, 1000, [0]),
        (25, 5, 10, 0, 1000, [5, 10, 10]),
        (25, 0, 10, -3, 1000, [0, 10, 10, 5]),
        (25, 0, None, None, 10, [10, 10, 5]),
        (25, 0, 0, 0, 1000, [0, 0]),
    ],
)
def test_the_plan_itself(
    admin: Admin, vao: int, gratis: int, limite: int | None, restam: int | None, por_dia: int, dias: list[int]
) -> None:
    linha = admin.execute(
        "select interno.campanha_plano(%s, %s, %s, %s, %s, '2026-11-30') as p", [vao, gratis, limite, restam, por_dia]
    ).fetchone()
    assert linha
    assert [d["pessoas"] for d in linha["p"]] == dias
    assert [d["dia"] for d in linha["p"]][:2] == ["2026-11-30", "2026-12-01"][: len(dias)]


async def test_the_feeder_stops_at_the_limit_and_goes_on(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(30, 50, usados=38)
    campanha = await criar_campanha(banco_api, cena)
    await iniciar(banco_api, cena, campanha)
    assert await mandar(banco_worker, cena) == 12
    for _ in range(3):
        await alimentar(banco_worker, admin, cena)
    assert await mandar(banco_worker, cena) == 0
    assert contados(admin, cena) == 50
    dados = await obter(banco_api, cena, campanha)
    assert dados["status"] == "EM_ANDAMENTO"
    assert dados["statusMotivo"].startswith("Limite de pessoas em 24 horas atingido: continua em ")
    espera = admin.execute(
        "select extract(epoch from executar_em - now()) / 3600 as h from fila where tipo = 'campanha_alimentar'"
        " and alvo_id = %s",
        [campanha],
    ).fetchone()
    assert espera and 21.9 < espera["h"] < 22.1  # the oldest were counted two hours ago
    ocorrencias = admin.execute("select motivo from ocorrencias where cliente_id = %s", [cena.cliente_id]).fetchall()
    assert ocorrencias == [{"motivo": "LIMITE_24H"}]
    # a day later there is room again, and the campaign says nothing more
    admin.execute(
        "update portfolio_contatos set ultimo_em = ultimo_em - interval '23 h' where cliente_id = %s", [cena.cliente_id]
    )
    await alimentar(banco_worker, admin, cena)
    assert await mandar(banco_worker, cena) == 18
    assert (await obter(banco_api, cena, campanha))["statusMotivo"] is None


async def test_two_campaigns_of_one_account_share_the_limit(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(40, 15)
    primeira = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[:20])
    segunda = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[20:])
    await iniciar(banco_api, cena, primeira)
    await iniciar(banco_api, cena, segunda)  # what is on its way counts, too
    linha = admin.execute(
        "select count(*) as n from fila where tipo = 'campanha_enviar' and cliente_id = %s", [cena.cliente_id]
    ).fetchone()
    assert linha == {"n": 15}


async def test_the_same_people_again_go_at_once(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(30, 20)
    primeira = await criar_campanha(banco_api, cena, p_contato_ids=cena.contatos[10:])
    await iniciar(banco_api, cena, primeira)
    assert await mandar(banco_worker, cena) == 20
    segunda = await criar_campanha(banco_api, cena)  # ten new people stand before those that cost nothing
    await iniciar(banco_api, cena, segunda)
    await alimentar(banco_worker, admin, cena)
    assert await mandar(banco_worker, cena) == 20
    assert contados(admin, cena) == 20


async def test_who_is_in_a_conversation_costs_nothing(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(10, 4)
    admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, janela_expira_em)"
        " select %s, %s, unnest(%s::uuid[]), now() + interval '1 h'",
        [cena.cliente_id, cena.conexao_id, cena.contatos[:3]],
    )
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    assert await mandar(banco_worker, cena) == 7
    assert contados(admin, cena) == 4


async def test_an_account_without_a_limit_writes_nothing(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(10, None)
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    assert await mandar(banco_worker, cena) == 10
    assert contados(admin, cena) == 0


async def test_a_limit_learnt_late_counts_what_was_sent_before(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(10, None)
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    await mandar(banco_worker, cena)
    await chamar(
        banco_worker,
        "worker.conexao_saude_registrar",
        p_cliente_id=cena.cliente_id,
        p_conexao_id=cena.conexao_id,
        p_saude={"limitePortfolio": 250},
    )
    assert contados(admin, cena) == 10


@pytest.mark.parametrize(
    ("bruto", "pessoas"),
    [
        ("TIER_250", 250),
        ("TIER_2K", 2000),
        ("TIER_100K", 100_000),
        ("tier_unlimited", -1),
        (-1, -1),
        (10_000, 10_000),
        ("TIER_NOT_SET", None),
        ({"a": 1}, None),
        (None, None),
        (99_999_999_999, None),
        (1.5, None),
    ],
)
def test_how_the_provider_writes_a_limit(admin: Admin, bruto: object, pessoas: int | None) -> None:
    linha = admin.execute("select interno.pessoas_ler(%s::jsonb) as p", [json.dumps(bruto)]).fetchone()
    assert linha == {"p": pessoas}


async def test_the_limit_of_one_tenant_is_not_anothers(
    banco_api: Banco, banco_worker: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena, outra = await montar(5, 1), await montar(5, None)
    admin.execute(  # the very same account, connected by both
        "update conexoes set conta_id_externa = (select conta_id_externa from conexoes where id = %s) where id = %s",
        [cena.conexao_id, outra.conexao_id],
    )
    await iniciar(banco_api, outra, await criar_campanha(banco_api, outra))
    assert await mandar(banco_worker, outra) == 5


async def test_whose_worker_died_is_counted_by_the_status(
    banco_api: Banco, banco_worker: Banco, banco_ingresso: Banco, admin: Admin, montar: Callable[..., Any]
) -> None:
    cena = await montar(1, 5)
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    [envio] = (await pretender(banco_worker, cena, await reservar(banco_worker, cena, 1)))["envios"]
    admin.execute("update fila set reservado_ate = now() - interval '1 s' where id = %s", [envio["id"]])
    await chamar(banco_worker, "worker.fila_resgatar", p_cliente_id=cena.cliente_id)
    assert contados(admin, cena) == 0
    linha = admin.execute(
        "select numero_id_externo as n, conta_id_externa as c from conexoes where id = %s", [cena.conexao_id]
    ).fetchone()
    assert linha
    for estado in ("sent", "delivered"):
        status = wm.status("wamid.1", estado, tentativa=envio["tentativaId"], quando=int(time.time()))
        await chamar(
            banco_ingresso,
            "webhook.evento_receber",
            p_conexoes=[cena.conexao_id],
            p_corpo=wm.corpo_de(wm.envelope(linha["n"], linha["c"], statuses=[status])),
            p_legivel=True,
        )
        await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id, p_limite=500)
    assert contados(admin, cena) == 1
