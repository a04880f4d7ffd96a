"""The inbox over HTTP: filters from the address, and one statement for a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.conftest import recusa
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    cena = cenas.montar(admin, await novo_cliente("Listas"), 60)
    for contato in cena.contatos:
        cenas.conversar(admin, cena, contato)
    # who never wrote waits for nobody
    admin.execute("update conversas set ultima_entrada_em = now() where cliente_id = %s", [cena.cliente_id])
    return cena


def _comandos(admin: Admin) -> dict[str, int]:
    """Statements that arrived from the HTTP layer's role, by their text; not those inside functions."""
    admin.execute("create extension if not exists pg_stat_statements")
    linhas = admin.execute(
        "select s.query, sum(s.calls)::integer as n from pg_stat_statements as s"
        " join pg_roles as r on r.oid = s.userid and r.rolname = 'crm_api'"
        " join pg_database as d on d.oid = s.dbid and d.datname = current_database()"
        " where s.toplevel group by 1"
    ).fetchall()
    return {x["query"]: x["n"] for x in linhas}


async def test_uma_pagina_e_um_comando(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    cabecalho = cena.sessao.cabecalho
    assert (await cliente_http.get("/api/conversas", headers=cabecalho)).status_code == 200
    antes = _comandos(admin)
    # each asks for something else, so that no kept answer can stand in
    for limite in range(31, 51):
        pagina = (await cliente_http.get(f"/api/conversas?limite={limite}&aba=FILA", headers=cabecalho)).json()
        assert len(pagina["dados"]) == limite
    feitos = {q: n - antes.get(q, 0) for q, n in _comandos(admin).items() if n > antes.get(q, 0)}
    # the relay and the presence of streams ask on their own, whatever is listed
    da_pagina = {q: n for q, n in feitos.items() if "evento" not in q and "saude" not in q}
    assert [n for q, n in da_pagina.items() if "conversas_listar" in q] == [20]
    assert sum(da_pagina.values()) == 20, da_pagina
    # negative control: what is a call more is counted as one more
    await cliente_http.get(f"/api/conversas/{pagina['dados'][0]['id']}", headers=cabecalho)
    depois = _comandos(admin)
    assert sum(n - antes.get(q, 0) for q, n in depois.items() if "conversa_obter" in q) == 1


async def test_filtros_contagem_busca_e_visoes(cliente_http: httpx.AsyncClient, cena: Cena, bia: Any) -> None:
    http, cabecalho = cliente_http, cena.sessao.cabecalho
    url = f"/api/conversas?aba=FILA&status=ABERTA&status=ADIADA&contatoId={cena.contatos[3]}&ordem=CRIADA"
    (uma,) = (await http.get(url, headers=cabecalho)).json()["dados"]
    assert uma["contato"]["id"] == str(cena.contatos[3])
    contagem = (await http.get("/api/conversas/contagem?status=ABERTA", headers=cabecalho)).json()["dados"]
    assert contagem["abas"]["fila"] == {"total": 60, "mais": False}
    achado = (await http.get("/api/busca?q=pessoa", headers=cabecalho)).json()["dados"]
    assert len(achado["contatos"]) == 5 and len(achado["conversas"]) == 5
    assert (await http.get("/api/busca/mensagens?q=nada", headers=cabecalho)).json()["dados"] == []
    filtros = {"aba": "FILA", "status": ["ABERTA"], "semRespostaMinutos": 5}
    feita = await http.post("/api/visoes", json={"nome": "Atrasadas", "filtros": filtros}, headers=cabecalho)
    visao = feita.json()["dados"]
    assert (feita.status_code, visao["filtros"]) == (201, filtros)
    alvo = f"/api/visoes/{visao['id']}"
    mudada = await http.patch(alvo, json={"fixada": True, "versao": visao["versao"]}, headers=cabecalho)
    assert mudada.json()["dados"]["fixada"] is True
    velha = await http.patch(alvo, json={"nome": "Outra", "versao": visao["versao"]}, headers=cabecalho)
    assert velha.status_code == 409
    assert (await http.get(alvo, headers=bia.cabecalho)).status_code == 404
    assert (await http.delete(alvo, headers=bia.cabecalho)).status_code == 404
    assert (await http.delete(alvo, headers=cabecalho)).status_code == 200
    assert (await http.get("/api/visoes", headers=cabecalho)).json()["dados"] == []


@pytest.mark.parametrize(
    "pedido",
    [
        "/api/conversas?aba=X", "/api/conversas?status=X", "/api/conversas?cursor=x", "/api/conversas?usuarioId=1",
        "/api/conversas?ordem=X", "/api/conversas?texto=ab", "/api/conversas?semRespostaMinutos=0", "/api/busca?q=",
        "/api/busca?q=ab", "/api/busca/mensagens?q=-", "/api/conversas?atividadeDe=ontem",
    ],
)  # fmt: skip
async def test_torto_e_400(cliente_http: httpx.AsyncClient, cena: Cena, pedido: str) -> None:
    resposta = await cliente_http.get(pedido, headers=cena.sessao.cabecalho)
    assert resposta.status_code == 400
    recusa(resposta)


@pytest.mark.parametrize(
    ("caminho", "campo"),
    [
        ("/api/conversas?atividadeDe=2026-01-01", "atividadeDe"),
        ("/api/conversas?semRespostaMinutos=0", "semRespostaMinutos"),
        ("/api/conversas/contagem?naoLidas=talvez", "naoLidas"),
        ("/api/conversas?texto=%25", "texto"),
        ("/api/conversas/contagem?texto=%25", "texto"),
        ("/api/busca?q=%25", "q"),
        ("/api/busca?q=", "q"),
        ("/api/busca/mensagens?q=%25", "q"),
        ("/api/busca/mensagens?q=oi&conversaId=1", "conversaId"),
        ("/api/contatos?busca=%25", "busca"),
    ],
)
async def test_a_recusa_nomeia_o_parametro(
    cliente_http: httpx.AsyncClient, cena: Cena, caminho: str, campo: str
) -> None:
    resposta = await cliente_http.get(caminho, headers=cena.sessao.cabecalho)
    assert (resposta.status_code, recusa(resposta)["campo"]) == (400, campo)


async def test_a_recusa_nomeia_o_cabecalho(cliente_http: httpx.AsyncClient, cena: Cena) -> None:
    resposta = await cliente_http.post(
        "/api/visoes",
        headers={**cena.sessao.cabecalho, "Idempotency-Key": "x" * 201},
        json={"nome": "A", "filtros": {}},
    )
    assert (resposta.status_code, recusa(resposta)["campo"]) == (400, "Idempotency-Key")
