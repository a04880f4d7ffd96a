"""The real application over this module's own database, spoken to in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar import Litestar

from app.config import Chave, Config
from app.embutido import ServidorValkey
from app.http.aplicacao import criar_aplicacao


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigDeTeste(Config):
    """The product's configuration, with the roles' passwords of the test server."""

    url_de: Callable[[str], str] = field(repr=False)

    def url_banco(self, papel: str, *, tcp: bool = False) -> str:
        return self.url_de(papel)

    def url_aplicacao(self, papel: str) -> str:
        return self.url_de(papel)


@pytest.fixture(scope="module")
def config(
    url_de: Callable[[str], str], valkey: ServidorValkey, tmp_path_factory: pytest.TempPathFactory
) -> ConfigDeTeste:
    return ConfigDeTeste(
        home=tmp_path_factory.mktemp("home"),
        database_url="postgresql://nao-usada",
        redis_url=valkey.url,
        pool_max=20,
        chaves=(Chave("k1", bytes(range(32))),),
        url_de=url_de,
    )


@pytest.fixture(scope="module")
async def app(config: ConfigDeTeste) -> AsyncIterator[Litestar]:
    aplicacao = criar_aplicacao(config)
    pronta, fim = asyncio.Event(), asyncio.Event()

    async def viver() -> None:
        # its own task: the lifespan must be left by the task that entered it, and fixtures do not promise that
        async with aplicacao.lifespan():
            pronta.set()
            await fim.wait()

    vida = asyncio.create_task(viver())
    esperando = asyncio.create_task(pronta.wait())
    await asyncio.wait({vida, esperando}, return_when=asyncio.FIRST_COMPLETED)
    if vida.done():
        vida.result()
    yield aplicacao
    fim.set()
    await vida


@pytest.fixture(scope="module")
def cliente_de(app: Litestar) -> Callable[[str], httpx.AsyncClient]:
    """A client that connects from a given address (attempts are counted by source)."""

    def criar(origem: str) -> httpx.AsyncClient:
        transporte = httpx.ASGITransport(app=app, client=(origem, 40000))  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transporte, base_url="http://balcao.test")

    return criar


@pytest.fixture(scope="module")
async def cliente_http(cliente_de: Callable[[str], httpx.AsyncClient]) -> AsyncIterator[httpx.AsyncClient]:
    """Pass `headers=sessao.cabecalho` to act as somebody."""
    async with cliente_de("127.0.0.1") as cliente:
        yield cliente


def recusa(resposta: httpx.Response) -> dict[str, Any]:
    """The `erro` of a refusal, after checking that the envelope is the only shape there is."""
    corpo = resposta.json()
    assert set(corpo) == {"sucesso", "erro"} and corpo["sucesso"] is False, corpo
    assert set(corpo["erro"]) == {"codigo", "mensagem", "campo", "detalhe"}, corpo
    assert resposta.headers["content-type"] == "application/json"
    return dict(corpo["erro"])


__all__ = ["ConfigDeTeste", "recusa"]
