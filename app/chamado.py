"""A hint that urgent work has just been committed for a number, so that a worker need not wait for its next poll.

It is only a hint, over Redis: workers poll the queue anyway (50-200 ms), so a lost one costs that much, no more.
The database is not asked to notify: on a hot table that would serialise its commits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, Literal
from uuid import UUID

import structlog
from redis.asyncio import Redis

from app.redis_vivo import FALHAS

Execucao = Literal["ENVIO", "BORDA"]
"""What kind of work waits (`fila.execucao`)."""
CANAL: Final = "fila:chamado"
_PRAZO_S: Final = 0.1
_NOVA_TENTATIVA_S: Final = 1.0
_registro = structlog.get_logger(__name__)


class Chamador:
    """The caller's side. `url` is Redis; without it nothing is called, and workers find the work by polling."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=_PRAZO_S)

    async def chamar(self, execucao: Execucao, cliente_id: UUID, conexao_id: UUID) -> None:
        """Tell every worker that this number has urgent work. Call after the commit. Never raises for Redis."""
        with contextlib.suppress(*FALHAS):
            async with asyncio.timeout(_PRAZO_S):
                await self._redis.publish(CANAL, f"{execucao}:{cliente_id}:{conexao_id}")

    async def fechar(self) -> None:
        await self._redis.aclose()


async def escutar(redis: Redis, ao_chamar: Callable[[str, UUID, UUID], None]) -> None:
    """Call `ao_chamar(execucao, cliente_id, conexao_id)` for each hint, until cancelled; Redis may come and go."""
    while True:
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as canal:
                await canal.subscribe(CANAL)
                async for mensagem in canal.listen():
                    execucao, cliente_id, conexao_id = mensagem["data"].decode().split(":")
                    ao_chamar(execucao, UUID(cliente_id), UUID(conexao_id))
        except (*FALHAS, ValueError) as erro:
            _registro.warning("chamados_interrompidos", erro=repr(erro)[:200])
        await asyncio.sleep(_NOVA_TENTATIVA_S)
