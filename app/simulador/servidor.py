"""Starts and stops the simulator: one listener for each provider, one for control, loopback only."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from app.simulador.config import ConfigSimulador
from app.simulador.controle import aplicacao_de_controle
from app.simulador.grafo import PortaMeta
from app.simulador.http import Provedor
from app.simulador.mundo import Mundo
from app.simulador.ouvinte import Ouvinte
from app.simulador.uaizap.porta import PortaUaizap

__all__ = ["ConfigSimulador", "Simulador", "servir"]

_log = logging.getLogger(__name__)


class Simulador:
    """Async context manager; inside it the ports are known, even when any free one was asked for."""

    def __init__(self, config: ConfigSimulador) -> None:
        self.config = config
        self.mundo = Mundo(config)
        self.porta_controle = config.porta_controle
        self._ouvintes: dict[Provedor, Ouvinte] = {
            "meta": Ouvinte(PortaMeta(self.mundo), config.host, config.porta_meta),
            "uaizap": Ouvinte(PortaUaizap(self.mundo), config.host, config.porta_uaizap),
        }
        self._controle: web.AppRunner | None = None

    @property
    def porta_meta(self) -> int:
        return self._ouvintes["meta"].porta

    @property
    def porta_uaizap(self) -> int:
        return self._ouvintes["uaizap"].porta

    @property
    def url_meta(self) -> str:
        return self._ouvintes["meta"].url

    @property
    def url_uaizap(self) -> str:
        return self._ouvintes["uaizap"].url

    @property
    def url_controle(self) -> str:
        return f"http://{self.config.host}:{self.porta_controle}"

    async def __aenter__(self) -> Simulador:
        try:
            await self._abrir()
        except BaseException:
            # A port in use must not leave the other ones open.
            await self.__aexit__()
            raise
        return self

    async def _abrir(self) -> None:
        mundo = self.mundo
        mundo.carregar()
        mundo.recusar = self._recusar
        mundo.cortar_conexoes = self._cortar
        await mundo.webhooks.abrir()
        for ouvinte in self._ouvintes.values():
            await ouvinte.abrir()
        mundo.uaizap.url = self.url_uaizap
        self._controle = web.AppRunner(aplicacao_de_controle(mundo), access_log=None)
        await self._controle.setup()
        site = web.TCPSite(self._controle, self.config.host, self.config.porta_controle)
        await site.start()
        self.porta_controle = self._controle.addresses[0][1]
        _log.info("simulator: meta %s, uaizap %s, control %s", self.url_meta, self.url_uaizap, self.url_controle)

    async def __aexit__(self, *_: object) -> None:
        self.mundo.relogio.descartar(todos=True)
        for ouvinte in self._ouvintes.values():
            await ouvinte.fechar()
        if self._controle is not None:
            await self._controle.cleanup()
        await self.mundo.webhooks.fechar()
        if self.mundo.diario is not None:
            self.mundo.diario.fechar()

    async def _recusar(self, provedor: Provedor, segundos: float) -> None:
        await self._ouvintes[provedor].recusar(segundos, self.mundo.relogio)

    def _cortar(self) -> None:
        for ouvinte in self._ouvintes.values():
            ouvinte.cortar()


async def servir(config: ConfigSimulador, pronto: asyncio.Event | None = None) -> None:
    """Runs until cancelled. ``Simulador`` is the same thing for callers that need the ports."""
    async with Simulador(config):
        if pronto is not None:
            pronto.set()
        await asyncio.Event().wait()
