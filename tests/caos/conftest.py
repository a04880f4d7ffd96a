"""Chaos tests come in two sizes: the short one is part of `make test`, the long one is `make caos`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiohttp import web

from app.banco import Banco
from tests.caos.arena import AUDITORIA
from tests.worker.conftest import http, porta_livre, simulador

__all__ = ["http", "simulador"]

LONGO = os.environ.get("CAOS") == "longo"
collect_ignore = [] if LONGO else ["test_tortura.py", "test_controles.py"]


@dataclass
class Recepcao:
    """A webhook receiver without the HTTP layer's signature check, for tests that have no API process."""

    url: str
    conexoes: list[UUID] = field(default_factory=list)
    recebidos: int = 0


@pytest.fixture(scope="module")
async def recepcao(banco_ingresso: Banco) -> AsyncIterator[Recepcao]:
    porta = porta_livre()
    esta = Recepcao(f"http://127.0.0.1:{porta}/webhooks/meta")

    async def verificar(pedido: web.Request) -> web.Response:
        return web.Response(text=pedido.query["hub.challenge"])

    async def receber(pedido: web.Request) -> web.Response:
        corpo = await pedido.read()
        await banco_ingresso.chamar(
            "webhook.evento_receber", {"p_conexoes": esta.conexoes, "p_corpo": corpo, "p_legivel": True}
        )
        esta.recebidos += 1
        return web.json_response({})

    aplicacao = web.Application()
    aplicacao.add_routes([web.get("/webhooks/meta", verificar), web.post("/webhooks/meta", receber)])
    executor = web.AppRunner(aplicacao, access_log=None)
    await executor.setup()
    await web.TCPSite(executor, "127.0.0.1", porta).start()
    yield esta
    await asyncio.wait_for(executor.cleanup(), 10)


@pytest.fixture(scope="module")
def auditoria(admin: psycopg.Connection[dict[str, Any]]) -> Iterator[None]:
    """Fences are recorded from here on; the database is this module's own."""
    admin.execute(AUDITORIA)
    yield
