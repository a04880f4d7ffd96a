"""Starts and stops the simulator: one listener for each provider, one for control, loopback only."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web

from app.simulador.config import ConfigSimulador
from app.simulador.controle import aplicacao_de_controle
from app.simulador.grafo import PortaMeta
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO

__all__ = ["ConfigSimulador", "Simulador", "servir"]

_log = logging.getLogger(__name__)
_CORPO_MAXIMO = 110 * 1024 * 1024
_DESPEDIDA_S = 0.5


class Simulador:
    """Async context manager; inside it the ports are known, even when any free one was asked for."""

    def __init__(self, config: ConfigSimulador) -> None:
        self.config = config
        self.mundo = Mundo(config)
        self.porta_meta = config.porta_meta
        self.porta_controle = config.porta_controle
        self._meta: web.Server | None = None
        self._ouvinte: asyncio.Server | None = None
        self._controle: web.AppRunner | None = None
        self._reaberturas: set[asyncio.Task[None]] = set()

    @property
    def url_meta(self) -> str:
        return f"http://{self.config.host}:{self.porta_meta}"

    @property
    def url_controle(self) -> str:
        return f"http://{self.config.host}:{self.porta_controle}"

    async def __aenter__(self) -> Simulador:
        try:
            await self._abrir()
        except BaseException:
            # A port in use must not leave the other one open.
            await self.__aexit__()
            raise
        return self

    async def _abrir(self) -> None:
        mundo = self.mundo
        mundo.carregar()
        mundo.recusar = self._recusar
        mundo.cortar_conexoes = self._cortar
        await mundo.webhooks.abrir()
        # UaiZap gets its own web.Server and port here, beside Meta's, over the same Mundo.
        self._meta = web.Server(PortaMeta(mundo), request_factory=_requisicao, access_log=None)
        self.porta_meta = await self._ouvir_meta()
        self._controle = web.AppRunner(aplicacao_de_controle(mundo), access_log=None)
        await self._controle.setup()
        site = web.TCPSite(self._controle, self.config.host, self.config.porta_controle)
        await site.start()
        self.porta_controle = self._controle.addresses[0][1]
        _log.info("simulator: meta %s, control %s", self.url_meta, self.url_controle)

    async def __aexit__(self, *_: object) -> None:
        for tarefa in list(self._reaberturas):
            tarefa.cancel()
        self.mundo.relogio.descartar(todos=True)
        if self._ouvinte is not None:
            self._ouvinte.close()
        if self._meta is not None:
            self._cortar()
            await self._meta.shutdown(_DESPEDIDA_S)
        if self._controle is not None:
            await self._controle.cleanup()
        await self.mundo.webhooks.fechar()
        if self.mundo.diario is not None:
            self.mundo.diario.fechar()

    async def _ouvir_meta(self) -> int:
        laco = asyncio.get_running_loop()
        if self._meta is None:
            raise RuntimeError("the simulator is not running")
        self._ouvinte = await laco.create_server(
            self._meta, self.config.host, self.porta_meta, backlog=1024, reuse_address=True
        )
        return int(self._ouvinte.sockets[0].getsockname()[1])

    async def _recusar(self, segundos: float) -> None:
        """Closes the listener for a while: new connections are refused by the system itself."""
        if self._ouvinte is None:
            return
        self._ouvinte.close()
        self._ouvinte = None

        async def reabrir() -> None:
            await self.mundo.relogio.dormir(int(segundos * SEGUNDO))
            await self._ouvir_meta()

        tarefa = asyncio.get_running_loop().create_task(reabrir())
        self._reaberturas.add(tarefa)
        tarefa.add_done_callback(self._reaberturas.discard)

    def _cortar(self) -> None:
        if self._meta is not None:
            for conexao in list(self._meta.connections):
                conexao.force_close()


def _requisicao(
    mensagem: Any, corpo: Any, protocolo: Any, escritor: Any, tarefa: asyncio.Task[None]
) -> web.BaseRequest:
    """aiohttp's default request stops at 1 MB; media go up to 100 MB."""
    laco = asyncio.get_running_loop()
    return web.BaseRequest(mensagem, corpo, protocolo, escritor, tarefa, laco, client_max_size=_CORPO_MAXIMO)


async def servir(config: ConfigSimulador, pronto: asyncio.Event | None = None) -> None:
    """Runs until cancelled. ``Simulador`` is the same thing for callers that need the ports."""
    async with Simulador(config):
        if pronto is not None:
            pronto.set()
        await asyncio.Event().wait()
