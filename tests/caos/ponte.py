"""A TCP proxy whose behaviour can be changed while it runs: what lies between the product and its Valkey."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

Modo = Literal["passa", "fora", "lenta", "corta"]
_RST = struct.pack("ii", 1, 0)
LENTIDAO_S = 5.0


class Ponte:
    """`fora`: connections end as they begin. `lenta`: everything takes 5 s. `corta`: an RST within an answer."""

    def __init__(self) -> None:
        self._modo: Modo = "passa"
        self._alvo = ("127.0.0.1", 0)
        self._escritores: set[asyncio.StreamWriter] = set()
        self._servidor: asyncio.Server | None = None

    async def abrir(self, url: str) -> str:
        """Listen in front of `url`; returns the URL to use instead."""
        partes = urlsplit(url)
        self._alvo = (partes.hostname or "", partes.port or 0)
        self._servidor = await asyncio.start_server(self._atender, "127.0.0.1", 0)
        porta = self._servidor.sockets[0].getsockname()[1]
        return urlunsplit(partes._replace(netloc=f"{partes.netloc.rpartition(':')[0]}:{porta}"))

    async def fechar(self) -> None:
        if self._servidor is not None:
            self._servidor.close()
        self._cortar()

    def mudar(self, modo: Modo) -> None:
        """From now on; what is open is cut unless it only becomes slow."""
        self._modo = modo
        if modo in ("fora", "corta"):
            self._cortar()

    def _cortar(self) -> None:
        for escritor in self._escritores:
            tomada: socket.socket = escritor.get_extra_info("socket")
            with contextlib.suppress(OSError):
                tomada.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            escritor.transport.abort()

    async def _atender(self, leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        if self._modo == "fora":
            escritor.transport.abort()
            return
        try:
            de_la, para_la = await asyncio.open_connection(*self._alvo)
        except OSError:
            escritor.transport.abort()
            return
        pontas = {escritor, para_la}
        self._escritores |= pontas
        try:
            await asyncio.gather(self._passar(leitor, para_la), self._passar(de_la, escritor, volta=True))
        finally:
            self._escritores -= pontas
            for ponta in pontas:
                ponta.transport.abort()

    async def _passar(self, de: asyncio.StreamReader, para: asyncio.StreamWriter, *, volta: bool = False) -> None:
        with contextlib.suppress(OSError):
            while dados := await de.read(65536):
                if self._modo == "lenta" and volta:
                    await asyncio.sleep(LENTIDAO_S)
                if self._modo == "corta" and volta:
                    para.write(dados[: len(dados) // 2])
                    self._cortar()
                    return
                para.write(dados)
                await para.drain()
        para.transport.abort()
