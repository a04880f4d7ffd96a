"""Every test gets its own world, on free ports, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from app.simulador.servidor import ConfigSimulador, Simulador
from tests.simulador.bancada import CHAVE, Bancada, Receptor
from tests.simulador.bancada_uaizap import BancadaUaizap


@pytest.fixture
async def receptor() -> AsyncIterator[Receptor]:
    receptor = Receptor()
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/webhook", receptor.tratar)
    corredor = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await corredor.setup()
    await web.TCPSite(corredor, "127.0.0.1", 0).start()
    receptor.url = f"http://127.0.0.1:{corredor.addresses[0][1]}/webhook"
    yield receptor
    await corredor.cleanup()


@pytest.fixture
async def bancada(receptor: Receptor) -> AsyncIterator[Bancada]:
    config = ConfigSimulador(chave_controle=CHAVE, porta_meta=0, porta_controle=0)
    async with aiohttp.ClientSession() as sessao, Simulador(config) as simulador:
        bancada = Bancada(simulador, receptor, sessao)
        await bancada.preparar()
        yield bancada


@pytest.fixture
async def uaizap(bancada: Bancada) -> BancadaUaizap:
    uaizap = BancadaUaizap(bancada)
    await uaizap.preparar()
    return uaizap
