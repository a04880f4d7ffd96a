"""A Valkey of our own: these tests flush it and kill it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bench.limitador import ligar_cliente, ligar_servidor, pronto


@pytest.fixture(scope="module")
def soquete(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    pasta = tmp_path_factory.mktemp("limitador")
    servidor = ligar_servidor(pasta)
    asyncio.run(pronto(pasta))
    yield pasta / "s"
    servidor.kill()
    servidor.wait()


@pytest.fixture
async def redis(soquete: Path) -> AsyncIterator[Redis]:
    async with ligar_cliente(soquete.parent) as cliente:
        await cliente.flushall()
        yield cliente
