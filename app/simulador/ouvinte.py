"""One provider's port: it can be closed for a while, and every connection on it cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from app.simulador.relogio import SEGUNDO, Relogio

_CORPO_MAXIMO = 110 * 1024 * 1024
_DESPEDIDA_S = 0.5


class Ouvinte:
    """Port 0 means any free one; after ``abrir``, ``porta`` tells which."""

    def __init__(
        self, tratador: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], host: str, porta: int
    ) -> None:
        self.host = host
        self.porta = porta
        self._tratador = tratador
        self._servidor: web.Server | None = None
        self._escuta: asyncio.Server | None = None
        self._reaberturas: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.porta}"

    async def abrir(self) -> None:
        if self._servidor is None:
            # aiohttp wants the running loop, so the server is only made here.
            self._servidor = web.Server(self._tratador, request_factory=_requisicao, access_log=None)
        laco = asyncio.get_running_loop()
        self._escuta = await laco.create_server(self._servidor, self.host, self.porta, backlog=1024, reuse_address=True)
        self.porta = int(self._escuta.sockets[0].getsockname()[1])

    async def recusar(self, segundos: float, relogio: Relogio) -> None:
        """Closes the listener for a while: new connections are refused by the system itself."""
        if self._escuta is None:
            return
        self._escuta.close()
        self._escuta = None

        async def reabrir() -> None:
            await relogio.dormir(int(segundos * SEGUNDO))
            await self.abrir()

        tarefa = asyncio.get_running_loop().create_task(reabrir())
        self._reaberturas.add(tarefa)
        tarefa.add_done_callback(self._reaberturas.discard)

    def cortar(self) -> None:
        if self._servidor is not None:
            for conexao in list(self._servidor.connections):
                conexao.force_close()

    async def fechar(self) -> None:
        for tarefa in list(self._reaberturas):
            tarefa.cancel()
        if self._escuta is not None:
            self._escuta.close()
        if self._servidor is not None:
            self.cortar()
            await self._servidor.shutdown(_DESPEDIDA_S)


def _requisicao(
    mensagem: Any, corpo: Any, protocolo: Any, escritor: Any, tarefa: asyncio.Task[None]
) -> web.BaseRequest:
    """aiohttp's default request stops at 1 MB; media go up to 100 MB."""
    laco = asyncio.get_running_loop()
    return web.BaseRequest(mensagem, corpo, protocolo, escritor, tarefa, laco, client_max_size=_CORPO_MAXIMO)
