"""A client of the streams, over a real socket, and the relay that feeds them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvicorn
from litestar import Litestar
from redis.asyncio import Redis

from app.banco import Banco
from app.worker.retransmissor import Retransmissor
from tests.conftest import Sessao


@dataclass
class Ouvinte:
    """What one stream brought: `eventos` are (name, number or None, data)."""

    status: int = 0
    eventos: list[tuple[str, int | None, Any]] = field(default_factory=list)
    numero: int | None = None
    fim: bool = False

    def alvos(self, nome: str | None = None) -> list[str]:
        return [i for n, _, d in self.eventos if nome in (None, n) and "ids" in d for i in d["ids"]]

    def numerados(self) -> list[tuple[int, list[str]]]:
        """Each frame: its number, which comes with its last event, and all its ids."""
        quadros: list[tuple[int, list[str]]] = []
        ids: list[str] = []
        for _, numero, dados in self.eventos:
            ids += dados.get("ids", [])
            if numero is not None:
                quadros.append((numero, ids))
                ids = []
        return quadros

    def nomes(self) -> set[str]:
        return {n for n, _, _ in self.eventos}

    async def ler(self, resposta: aiohttp.ClientResponse) -> None:
        nome, dados, numero = "", "", None
        with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
            async for bruta in resposta.content:
                linha = bruta.decode().rstrip("\n")
                campo, _, valor = linha.partition(": ")
                if linha == "":
                    if dados:
                        self.eventos.append((nome, numero, json.loads(dados)))
                    nome, dados, numero = "", "", None
                elif campo == "event":
                    nome = valor
                elif campo == "data":
                    dados = valor
                elif campo == "id":
                    self.numero = numero = int(valor)
        self.fim = True


@contextlib.asynccontextmanager
async def ouvir(
    http: aiohttp.ClientSession, url: str, sessao: Sessao, desde: int | None = None
) -> AsyncIterator[Ouvinte]:
    """Open a stream and read it in the background until the block ends."""
    ouvinte = Ouvinte()
    cabecalhos = sessao.cabecalho if desde is None else {**sessao.cabecalho, "Last-Event-ID": str(desde)}
    async with http.get(url + "/api/eventos/fluxo", headers=cabecalhos) as resposta:
        ouvinte.status = resposta.status
        lendo = asyncio.create_task(ouvinte.ler(resposta))
        if resposta.status == 200:
            await ate(lambda: ouvinte.numero is not None)
        try:
            yield ouvinte
        finally:
            lendo.cancel()
            await asyncio.gather(lendo, return_exceptions=True)


async def ate(condicao: Callable[[], bool], prazo_s: float = 5) -> None:
    """Wait until it holds; fail when it does not come to that."""
    limite = asyncio.get_running_loop().time() + prazo_s
    while not condicao():
        assert asyncio.get_running_loop().time() < limite, "it did not come to that"
        await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def retransmitir(banco: Banco, url_redis: str, dono: str = "w-prova") -> AsyncIterator[None]:
    """One relay at work."""
    redis = Redis.from_url(url_redis, socket_timeout=None, socket_connect_timeout=0.5)
    parar = asyncio.Event()
    tarefa = asyncio.create_task(Retransmissor(banco, redis, dono, parar).correr())
    try:
        yield
    finally:
        parar.set()
        await tarefa
        await redis.aclose()


@contextlib.asynccontextmanager
async def no_ar(aplicacao: Litestar) -> AsyncIterator[str]:
    """The application on a port of its own; it lives its life elsewhere."""
    tomada = socket.socket()
    tomada.bind(("127.0.0.1", 0))
    servidor = uvicorn.Server(
        uvicorn.Config(aplicacao, lifespan="off", log_config=None, timeout_graceful_shutdown=1, loop="asyncio")
    )
    tarefa = asyncio.create_task(servidor.serve(sockets=[tomada]))
    await ate(lambda: servidor.started)
    try:
        yield f"http://127.0.0.1:{tomada.getsockname()[1]}"
    finally:
        servidor.should_exit = True
        await tarefa
        tomada.close()
