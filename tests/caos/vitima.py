"""A worker that dies at one chosen line of the send path. Its orders come as one JSON object on standard input.

The product has no switch for this: the methods around the line are wrapped here, in a process of the test's own.
`os._exit` runs no handler and flushes nothing; for the database and the provider it is a SIGKILL.
"""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import msgspec
from redis.asyncio import Redis

from app.banco import Banco
from app.limitador import FuncoesDoBanco, Limitador
from app.provedores import meta as modulo_meta
from app.provedores.meta import Meta
from app.worker.contexto import Contexto, Prontas
from app.worker.laco import Laco
from tests.worker.conftest import COFRE

MORTO: Final = 137
ANTES_DA_INTENCAO: Final = ("depois_da_permissao", "depois_da_reserva")
DEPOIS_DA_INTENCAO: Final = ("antes_da_escrita", "depois_da_escrita", "depois_da_resposta", "depois_do_registro")
PONTOS: Final = ANTES_DA_INTENCAO + DEPOIS_DA_INTENCAO


class Ordens(msgspec.Struct):
    """Die at the `vez`-th passage of `ponto`; serve no tenant but `cliente`."""

    ponto: str
    vez: int
    cliente: str
    banco: str
    valkey: str
    meta: str


def _contador(vez: int) -> Callable[[], bool]:
    passagens = 0

    def chegou() -> bool:
        nonlocal passagens
        passagens += 1
        return passagens == vez

    return chegou


def _antes(original: Callable[..., Awaitable[Any]], chegou: Callable[[], bool]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(original)
    async def metodo(*args: Any, **kwargs: Any) -> Any:
        if chegou():
            os._exit(MORTO)
        return await original(*args, **kwargs)

    return metodo


def _depois(original: Callable[..., Awaitable[Any]], chegou: Callable[[], bool]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(original)
    async def metodo(*args: Any, **kwargs: Any) -> Any:
        resultado = await original(*args, **kwargs)
        if resultado != [] and chegou():
            os._exit(MORTO)
        return resultado

    return metodo


def armar(ordens: Ordens) -> None:
    """Wrap the methods on either side of the line."""
    chegou = _contador(ordens.vez)
    match ordens.ponto:
        case "depois_da_permissao":
            Contexto.reservar = _antes(Contexto.reservar, chegou)  # type: ignore[method-assign,assignment]
        case "depois_da_reserva":
            Contexto.reservar = _depois(Contexto.reservar, chegou)  # type: ignore[method-assign,assignment]
        case "antes_da_escrita":
            Meta.enviar = _antes(Meta.enviar, chegou)  # type: ignore[method-assign,assignment]
        case "depois_da_escrita":
            _na_escrita(chegou)
        case "depois_da_resposta":
            Meta.enviar = _depois(Meta.enviar, chegou)  # type: ignore[method-assign,assignment]
        case "depois_do_registro":
            Contexto.registrar = _depois(Contexto.registrar, chegou)  # type: ignore[method-assign,assignment]
        case _:
            raise ValueError(ordens.ponto)


class _ComRastro:
    """The module aiohttp with another ClientSession."""

    def __init__(self, sessao: Callable[..., aiohttp.ClientSession]) -> None:
        self.ClientSession = sessao

    def __getattr__(self, nome: str) -> Any:
        return getattr(aiohttp, nome)


def _na_escrita(chegou: Callable[[], bool]) -> None:
    """The provider is told to think for 200 ms; 50 ms after the body went out there is no answer yet."""
    rastro = aiohttp.TraceConfig()

    async def ao_escrever(*_: object) -> None:
        if chegou():
            asyncio.get_running_loop().call_later(0.05, os._exit, MORTO)

    rastro.on_request_chunk_sent.append(ao_escrever)
    sessao = functools.partial(aiohttp.ClientSession, trace_configs=[rastro])
    modulo_meta.aiohttp = _ComRastro(sessao)  # type: ignore[assignment,attr-defined]


async def viver(ordens: Ordens) -> None:
    banco = Banco(ordens.banco, maximo=10)
    redis = Redis.from_url(ordens.valkey, socket_timeout=0.5)
    dono = f"vitima:{os.getpid()}"
    limitador = Limitador(redis, FuncoesDoBanco(banco), processo=dono)
    contexto = Contexto(dono, banco, limitador, COFRE, {"META_API": Meta(ordens.meta, "v25.0")})
    original = Contexto.prontas

    async def so_do_cliente(este: Contexto) -> Prontas:
        visto = await original(este)
        return Prontas(
            [n for n in visto.numeros if str(n.cliente_id) == ordens.cliente],
            [n for n in visto.bordas if str(n.cliente_id) == ordens.cliente],
            [c for c in visto.internos if str(c) == ordens.cliente],
            [],
            [],
        )

    Contexto.prontas = so_do_cliente  # type: ignore[method-assign,assignment]
    await banco.abrir()
    await limitador.iniciar()
    async with asyncio.timeout(40):
        await Laco(contexto).correr()


if __name__ == "__main__":
    pedido = msgspec.json.decode(sys.stdin.buffer.read(), type=Ordens)
    armar(pedido)
    asyncio.run(viver(pedido))
