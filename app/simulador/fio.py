"""The wire: puts an answer on it as told, including answers that are cut, dripped, reset or never given."""

from __future__ import annotations

import asyncio
import socket
import struct

from aiohttp import web

from app.simulador.http import Pedido, Resposta
from app.simulador.mundo import Mundo

_OLHADA = 0.05
_RST = struct.pack("ii", 1, 0)


async def escrever(mundo: Mundo, pedido: Pedido, resposta: Resposta, proprios: dict[str, str]) -> web.StreamResponse:
    """``proprios`` are the headers this provider puts on every answer."""
    cabecalhos = {
        "Content-Type": resposta.tipo,
        "X-Sim-Now": str(mundo.relogio.agora() // 1000),
        "X-Sim-Request-Id": pedido.id,
        **proprios,
        **resposta.cabecalhos,
    }
    if resposta.modo == "inteira":
        return web.Response(status=resposta.http, body=resposta.corpo, headers=cabecalhos)
    if resposta.modo == "muda":
        await _calar(mundo, pedido, resposta.parametro)
    elif resposta.modo != "reset":
        return await _escrever_mal(mundo, pedido, resposta, cabecalhos)
    _derrubar(pedido.web.transport)
    # Never sent: the connection is already gone.
    return web.Response()


async def _calar(mundo: Mundo, pedido: Pedido, duracao: int) -> None:
    """Not a byte until the client gives up, or the silence ends."""
    fim = mundo.relogio.agora() + duracao
    # aiohttp announces no disconnection to a handler that is not to be cancelled by it, so we look.
    while not pedido.cliente_saiu() and (not duracao or mundo.relogio.agora() < fim):  # noqa: ASYNC110
        await asyncio.sleep(_OLHADA)


async def _escrever_mal(
    mundo: Mundo, pedido: Pedido, resposta: Resposta, cabecalhos: dict[str, str]
) -> web.StreamResponse:
    """The announced length is right; what arrives is cut short, or drips."""
    escrita = web.StreamResponse(status=resposta.http, headers=cabecalhos)
    escrita.content_length = len(resposta.corpo)
    await escrita.prepare(pedido.web)
    if resposta.modo == "truncada":
        await escrita.write(resposta.corpo[: resposta.parametro])
        if pedido.web.transport is not None:
            pedido.web.transport.close()
        return escrita
    for posicao in range(len(resposta.corpo)):
        await escrita.write(resposta.corpo[posicao : posicao + 1])
        await mundo.relogio.dormir(resposta.parametro * 1000)
    return escrita


def _derrubar(transporte: asyncio.Transport | None) -> None:
    """A TCP reset rather than an orderly close."""
    if transporte is None:
        return
    ligacao = transporte.get_extra_info("socket")
    if ligacao is not None:
        ligacao.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
    transporte.abort()
