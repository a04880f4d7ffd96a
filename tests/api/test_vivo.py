"""What the browser's scripts call: the session's cookie opens it, for pages of ours only."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import httpx
import pytest
from litestar import Litestar

from app.banco import Banco
from app.embutido import ServidorValkey
from tests.api.conftest import recusa
from tests.api.ouvinte import Ouvinte, ate, no_ar, retransmitir
from tests.conftest import Sessao
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Vivo"))


@pytest.fixture
async def url(app: Litestar, banco_worker: Banco, valkey: ServidorValkey) -> AsyncIterator[str]:
    async with no_ar(app) as endereco, retransmitir(banco_worker, valkey.url):
        await ate(lambda: app.state.central.escuta.viva)
        yield endereco


def navegador(sessao: Sessao, **mais: str) -> dict[str, str]:
    """The headers of a browser that entered."""
    return {"Cookie": f"__Host-sessao={sessao.token}|{int(time.time()) + 43_200}", **mais}


async def test_o_cookie_abre_o_fluxo(url: str, admin: Admin, cena: Cena, app: Litestar) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
        async with http.get(url + "/vivo/fluxo", headers=navegador(cena.sessao)) as resposta:
            assert resposta.status == 200 and resposta.content_type == "text/event-stream"
            ouvinte = Ouvinte()
            lendo = asyncio.create_task(ouvinte.ler(resposta))
            await ate(lambda: ouvinte.numero is not None)
            admin.execute("update contatos set email = 'a@b.c' where id = %s", [cena.contatos[0]])
            await ate(lambda: str(cena.contatos[0]) in ouvinte.alvos("contato"))
            # what a page says that it has seen
            await ate(lambda: app.state.central.ultimo(cena.sessao.cliente_id) == ouvinte.numero)
            lendo.cancel()
        async with http.get(url + f"/vivo/desde?desde={ouvinte.numero}", headers=navegador(cena.sessao)) as resposta:
            assert (await resposta.json())["dados"]["eventos"] == []
        async with http.get(url + "/vivo/desde", headers=navegador(cena.sessao)) as resposta:
            dados = (await resposta.json())["dados"]
            assert dados["recarregar"] and dados["numero"] == ouvinte.numero


async def test_a_pagina_diz_ate_onde_viu(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    """Also where nobody of the tenant has a stream open: what the stream brings then is only what came later."""
    admin.execute("update contatos set email = 'x@y.z' where id = %s", [cena.contatos[0]])
    pagina = await cliente_http.get("/etiquetas", headers=navegador(cena.sessao))
    visto = re.search(r'data-desde="(\d+)"', pagina.text)
    assert visto
    desde = await cliente_http.get("/vivo/desde", params={"desde": visto[1]}, headers=navegador(cena.sessao))
    assert desde.json()["dados"] | {"ultimo": 0} == {
        "eventos": [], "numero": int(visto[1]), "ultimo": 0, "recarregar": False,
    }  # fmt: skip


async def test_sem_cookie_ou_de_outro_site_nao(cliente_http: httpx.AsyncClient, ana: Sessao) -> None:
    for rota in ("/vivo/fluxo", "/vivo/desde"):
        assert recusa(await cliente_http.get(rota))["codigo"] == "ZAG01"
        # the API's token is for the API
        assert (await cliente_http.get(rota, headers=ana.cabecalho)).status_code == 401
        alheio = await cliente_http.get(rota, headers=navegador(ana, **{"Sec-Fetch-Site": "cross-site"}))
        assert recusa(alheio)["codigo"] == "ZPG03"
    for site in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://outro.test"}, {}):
        dita = await cliente_http.put("/vivo/presenca", json={"estado": "ONLINE"}, headers=navegador(ana, **site))
        assert dita.status_code == 403


async def test_presenca_pelo_cookie(cliente_http: httpx.AsyncClient, cena: Cena, ana: Sessao) -> None:
    nossa = navegador(cena.sessao, **{"Sec-Fetch-Site": "same-origin"})
    dita = await cliente_http.put("/vivo/presenca", json={"estado": "ONLINE"}, headers=nossa)
    assert dita.status_code == 200
    assert [p["usuarioId"] for p in dita.json()["dados"]["presentes"]] == [str(cena.sessao.usuario_id)]
    negada = await cliente_http.put(
        f"/vivo/conversas/{cena.contatos[0]}/presenca", json={"estado": "VENDO"}, headers=nossa
    )
    assert (negada.status_code, negada.content) == (204, b""), "where nothing is seen nobody is said to be"
    assert (await cliente_http.put("/vivo/presenca", json={"estado": "?"}, headers=nossa)).status_code == 400


async def test_a_presenca_estende_a_sessao(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    admin.execute("update sessoes set canal = 'NAVEGADOR' where cliente_id = %s", [cena.sessao.cliente_id])
    velha = {"Cookie": f"__Host-sessao={cena.sessao.token}|{int(time.time()) + 60}", "Sec-Fetch-Site": "same-origin"}
    dita = await cliente_http.put("/vivo/presenca", json={"estado": "ONLINE"}, headers=velha)
    assert dita.status_code == 200 and cena.sessao.token in dita.headers["set-cookie"]
