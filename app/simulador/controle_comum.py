"""What every control endpoint needs: the world, a typed body, a JSON answer."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from aiohttp import web

from app.simulador.mundo import Mundo

T = TypeVar("T")
MUNDO = web.AppKey("mundo", Mundo)


def responder(corpo: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(corpo), content_type="application/json")


async def corpo_como(pedido: web.Request, tipo: type[T]) -> T:
    """An empty body stands for no options."""
    return msgspec.json.decode(await pedido.read() or b"{}", type=tipo)


async def objeto(pedido: web.Request) -> dict[str, Any]:
    return await corpo_como(pedido, dict[str, Any])
