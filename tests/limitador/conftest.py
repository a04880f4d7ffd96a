"""A Valkey of our own: these tests flush it and kill it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bench.limitador import ligar_cliente, ligar_servidor, pronto

RAIZ = Path(__file__).parents[2]
CORRIDAS = {
    "salta": "--segundos 9 --resposta-ms 20 300",
    "treme": "--segundos 9 --jitter-ms 300",
    "falha": "--segundos 9 --jitter-ms 50 --falhas",
    "controle": "--segundos 4 --controle",
}

Corrida = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session", autouse=True)
def corrida() -> Iterator[Corrida]:
    """The runs begin with the first test here and are read later: the other tests spend their time waiting."""
    filhos = {
        nome: subprocess.Popen(
            [sys.executable, "-m", "bench.limitador", "--prazo-http-s", "0.5", *argumentos.split()],
            cwd=RAIZ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for nome, argumentos in CORRIDAS.items()
    }

    def resultado(nome: str) -> dict[str, Any]:
        dados: dict[str, Any] = json.loads(filhos[nome].communicate(timeout=60)[0])
        print(dados)
        return dados

    yield resultado
    for filho in filhos.values():
        filho.wait()  # a killed driver would leave its server behind


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
