"""Whether Redis answers, for the health page, which must never wait for it; and what it raises when it does not."""

from __future__ import annotations

import asyncio
from typing import Final

import redis.asyncio
from redis.exceptions import RedisError

# RuntimeError is how uvloop says that a connection closed under a write
FALHAS: Final = (RedisError, OSError, TimeoutError, RuntimeError)


async def responde(url: str, prazo_s: float = 1.0) -> bool:
    """One PING on a connection of its own, within `prazo_s`."""
    try:
        async with asyncio.timeout(prazo_s):
            async with redis.asyncio.from_url(url, socket_timeout=None) as cliente:
                return bool(await cliente.ping())
    except FALHAS:
        return False
