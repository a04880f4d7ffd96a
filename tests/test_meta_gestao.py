"""Management calls against a provider that answers whatever the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import pytest
from aiohttp import ClientTimeout, web

from app.credenciais import ConexaoAberta, CredenciaisMeta
from app.provedores import meta_gestao
from app.provedores.meta_gestao import FalhaMeta, MetaGestao

Resposta = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONEXAO = ConexaoAberta(uuid4(), "META_API", 1, "200001", "100001", CredenciaisMeta("EAAG-canario"))


class Falsa:
    """A provider: `responder` decides, `pedidos` remembers."""

    def __init__(self) -> None:
        self.pedidos: list[web.Request] = []
        self.responder: Resposta | None = None
        self.base = ""

    async def tratar(self, pedido: web.Request) -> web.StreamResponse:
        self.pedidos.append(pedido)
        assert self.responder is not None
        return await self.responder(pedido)


@pytest.fixture
async def falsa() -> AsyncIterator[Falsa]:
    falsa = Falsa()
    app = web.Application()
    app.router.add_route("*", "/{resto:.*}", falsa.tratar)
    corredor = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", 0).start()
    falsa.base = f"http://127.0.0.1:{corredor.addresses[0][1]}"
    yield falsa
    await corredor.cleanup()


@pytest.fixture
async def gestao(falsa: Falsa) -> AsyncIterator[MetaGestao]:
    gestao = MetaGestao(falsa.base, "v25.0")
    yield gestao
    await gestao.fechar()


def sempre(resposta: Callable[[], web.StreamResponse]) -> Resposta:
    async def responder(pedido: web.Request) -> web.StreamResponse:
        return resposta()

    return responder


async def test_todas_as_paginas(falsa: Falsa, gestao: MetaGestao) -> None:
    async def paginas(pedido: web.Request) -> web.StreamResponse:
        depois = int(pedido.query.get("after", "0"))
        corpo: dict[str, object] = {"data": [{"id": str(depois), "name": f"m{depois}", "novo": [1]}]}
        corpo["paging"] = {"cursors": {"before": "x", "after": str(depois + 1)}}
        if depois < 2:
            # a next that points elsewhere must not be followed: the token would go with it
            corpo["paging"] = {**corpo["paging"], "next": "http://169.254.169.254/latest"}  # type: ignore[dict-item]
        return web.json_response(corpo)

    falsa.responder = paginas
    modelos = await gestao.listar_modelos(CONEXAO)
    assert modelos == [{"id": str(n), "name": f"m{n}", "novo": [1]} for n in range(3)]
    assert {p.path for p in falsa.pedidos} == {"/v25.0/100001/message_templates"}
    assert {p.headers["Authorization"] for p in falsa.pedidos} == {"Bearer EAAG-canario"}
    assert all("canario" not in str(p.url) for p in falsa.pedidos)


async def test_numero(falsa: Falsa, gestao: MetaGestao) -> None:
    falsa.responder = sempre(
        lambda: web.json_response({"display_phone_number": "+55 11 9", "quality_rating": "GREEN", "id": "200001"})
    )
    info = await gestao.ler_numero(CONEXAO)
    assert (info.display_phone_number, info.quality_rating) == ("+55 11 9", "GREEN")
    assert falsa.pedidos[0].path == "/v25.0/200001"


def _erro(http: int, codigo: int) -> Resposta:
    return sempre(
        lambda: web.json_response({"error": {"message": "m", "code": codigo, "fbtrace_id": "A"}}, status=http)
    )


@pytest.mark.parametrize(
    ("responder", "codigo", "provedor"),
    [
        (_erro(401, 190), "ZRX02", 190),
        (_erro(400, 100), "ZRX02", 100),
        (_erro(400, 80008), "ZTM02", 80008),
        (_erro(429, 4), "ZTM02", 4),
        (_erro(500, 2), "ZTM01", 2),
        (sempre(lambda: web.Response(status=502, text="<html>")), "ZTM01", None),
        (sempre(lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})), "ZTM01", None),
        (sempre(lambda: web.Response(status=200, text="<html>")), "ZTM03", None),
        (sempre(lambda: web.Response(status=200, text="[]")), "ZTM03", None),
        (sempre(lambda: web.Response(status=200, body=b"[" * 100_000)), "ZTM03", None),
        (sempre(lambda: web.json_response({"data": [1]})), "ZTM03", None),
    ],
)
async def test_recusas(
    falsa: Falsa, gestao: MetaGestao, responder: Resposta, codigo: str, provedor: int | None
) -> None:
    falsa.responder = responder
    with pytest.raises(FalhaMeta) as falha:
        await gestao.listar_modelos(CONEXAO)
    assert (falha.value.codigo, falha.value.codigo_provedor) == (codigo, provedor)
    assert len(falsa.pedidos) == 1
    assert "canario" not in str(falha.value.corpo)


async def test_lista_sem_fim_nao_e_aceita(falsa: Falsa, gestao: MetaGestao) -> None:
    async def sem_fim(pedido: web.Request) -> web.StreamResponse:
        depois = int(pedido.query.get("after", "0"))
        return web.json_response({"data": [], "paging": {"cursors": {"after": str(depois + 1)}, "next": "x"}})

    falsa.responder = sem_fim
    with pytest.raises(FalhaMeta) as falha:
        await gestao.listar_modelos(CONEXAO)
    assert falha.value.codigo == "ZTM03"
    assert len(falsa.pedidos) == meta_gestao.PAGINAS_MAXIMAS
    falsa.pedidos.clear()
    falsa.responder = sempre(
        lambda: web.json_response({"data": [], "paging": {"cursors": {"after": "igual"}, "next": "x"}})
    )
    with pytest.raises(FalhaMeta):
        await gestao.listar_modelos(CONEXAO)
    assert len(falsa.pedidos) == 2


async def test_corpo_grande_demais(falsa: Falsa, gestao: MetaGestao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta_gestao, "_CORPO_MAXIMO", 1000)
    falsa.responder = sempre(lambda: web.Response(body=b"x" * 1001))
    with pytest.raises(FalhaMeta) as falha:
        await gestao.ler_numero(CONEXAO)
    assert falha.value.codigo == "ZTM03"


async def test_sem_resposta(falsa: Falsa, gestao: MetaGestao, monkeypatch: pytest.MonkeyPatch) -> None:
    async def calar(pedido: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    falsa.responder = calar
    gestao._sessao._timeout = ClientTimeout(total=0.2)
    with pytest.raises(FalhaMeta) as falha:
        await gestao.ler_numero(CONEXAO)
    assert (falha.value.codigo, falha.value.status) == ("ZTM01", 503)
    fora = MetaGestao("http://127.0.0.1:1", "v25.0")
    with pytest.raises(FalhaMeta) as falha:
        await fora.ler_numero(CONEXAO)
    assert falha.value.codigo == "ZTM01"
    await fora.fechar()


async def test_token_que_nao_cabe_num_cabecalho(gestao: MetaGestao) -> None:
    torta = ConexaoAberta(uuid4(), "META_API", 1, "200001", "100001", CredenciaisMeta("a\r\nX: b"))
    with pytest.raises(FalhaMeta) as falha:
        await gestao.ler_numero(torta)
    assert falha.value.codigo == "ZRX02"
