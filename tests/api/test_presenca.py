"""Who is there: told to whoever may see the conversation, forgotten by itself, and nobody's problem without Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest
from litestar import Litestar

from app import presenca as modulo
from app.banco import Banco
from app.embutido import ServidorValkey
from app.presenca import Presenca
from tests.api.ouvinte import ate, no_ar, ouvir, retransmitir
from tests.conftest import Sessao, abrir_sessao
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar
from tests.sql.test_eventos import pessoa


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Presença"))


@pytest.fixture
async def presenca(valkey: ServidorValkey) -> AsyncIterator[Presenca]:
    feita = Presenca(valkey.url)
    yield feita
    await feita.fechar()


async def test_duas_abas_contam_uma_e_o_tempo_esquece(presenca: Presenca, monkeypatch: pytest.MonkeyPatch) -> None:
    cliente, conversa, ana, rui = uuid4(), uuid4(), uuid4(), uuid4()
    monkeypatch.setattr(modulo, "VALIDADE_S", {"DIGITANDO": 0.3, "VENDO": 0.6})
    aba, celular = uuid4(), uuid4()
    assert await presenca.marcar(cliente, conversa, ana, aba, "VENDO")
    assert not await presenca.marcar(cliente, conversa, ana, aba, "VENDO"), "the other tab says nothing new"
    await presenca.marcar(cliente, conversa, ana, celular, "DIGITANDO")
    await presenca.marcar(cliente, conversa, rui, uuid4(), "VENDO")
    assert await presenca.listar(cliente, conversa) == {ana: "DIGITANDO", rui: "VENDO"}
    assert await presenca.listar(uuid4(), conversa) == {} and await presenca.listar(cliente, None) == {}
    await asyncio.sleep(0.35)
    assert await presenca.listar(cliente, conversa) == {ana: "VENDO", rui: "VENDO"}
    await asyncio.sleep(0.35)
    assert await presenca.listar(cliente, conversa) == {}, "who crashed is not there for ever"


async def test_sem_redis_ninguem_esta_e_nada_falha(tmp_path: Path) -> None:
    with ServidorValkey(tmp_path) as servidor:
        url = servidor.url
    sem = Presenca(url)
    assert not await sem.marcar(uuid4(), None, uuid4(), uuid4(), "ONLINE")
    assert await sem.listar(uuid4(), None) == {}
    await sem.fechar()


async def test_so_quem_ve_a_conversa_sabe_quem_esta_nela(
    app: Litestar, banco_worker: Banco, valkey: ServidorValkey, admin: Admin, cena: Cena, bia: Sessao
) -> None:
    dona = pessoa(admin, cena, "PROPRIA", ("conversas:ler", "conversas:responder"))
    alheia = pessoa(admin, cena, "PROPRIA")
    conversa = conversar(admin, cena, cena.contatos[0])
    admin.execute("update conversas set usuario_id = %s where id = %s", [dona.usuario_id, conversa])
    await asyncio.sleep(0.1)
    async with (
        no_ar(app) as url,
        retransmitir(banco_worker, valkey.url),
        aiohttp.ClientSession() as http,
    ):
        await ate(lambda: app.state.central.escuta.viva)
        caminho = f"{url}/api/conversas/{conversa}/presenca"
        async with ouvir(http, url, cena.sessao) as chefe, ouvir(http, url, alheia) as outra:
            for _ in range(2):
                async with http.put(caminho, json={"estado": "DIGITANDO"}, headers=dona.cabecalho) as feito:
                    assert feito.status == 200
                    assert (await feito.json())["dados"] == {
                        "presentes": [{"usuarioId": str(dona.usuario_id), "estado": "DIGITANDO"}]
                    }
            await ate(lambda: "presenca" in chefe.nomes())
            await asyncio.sleep(0.2)
            avisos = [(n, d) for nome, n, d in chefe.eventos if nome == "presenca"]
            assert avisos == [
                (
                    None,
                    {"conversaId": str(conversa), "usuarioId": str(dona.usuario_id), "estado": "DIGITANDO", "valeS": 6},
                )
            ]
            assert "presenca" not in outra.nomes()
        for estranha in (alheia, bia):
            for pedido in (http.get(caminho, headers=estranha.cabecalho),
                           http.put(caminho, json={"estado": "VENDO"}, headers=estranha.cabecalho)):  # fmt: skip
                async with pedido as negado:
                    assert negado.status == 404
        leitora = pessoa(admin, cena, "TODAS")
        for estado, status in (("VENDO", 200), ("DIGITANDO", 403)):
            async with http.put(caminho, json={"estado": estado}, headers=leitora.cabecalho) as visto:
                assert visto.status == status, estado


async def test_quem_esta_no_sistema(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena, bia: Sessao) -> None:
    outra_aba = abrir_sessao(admin, cena.cliente_id, cena.sessao.usuario_id)
    for sessao, estado in ((cena.sessao, "AUSENTE"), (outra_aba, "ONLINE"), (cena.sessao, "AUSENTE")):
        feito = await cliente_http.put("/api/presenca", json={"estado": estado}, headers=sessao.cabecalho)
        assert feito.status_code == 200
    lidos = (await cliente_http.get("/api/presenca", headers=cena.sessao.cabecalho)).json()["dados"]["presentes"]
    assert lidos == [{"usuarioId": str(cena.sessao.usuario_id), "estado": "ONLINE"}]
    assert (await cliente_http.get("/api/presenca", headers=bia.cabecalho)).json()["dados"]["presentes"] == []
    ruim = await cliente_http.put("/api/presenca", json={"estado": "VENDO"}, headers=cena.sessao.cabecalho)
    assert ruim.status_code == 400
