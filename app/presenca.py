"""Who is there: in Redis only, each entry with its own end, so that a crash leaves nobody behind.

By person: a session is one entry however many tabs it has open, and a person with two sessions counts once. Without
Redis nobody is there, and nothing else changes.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from app.redis_vivo import FALHAS

# how long each state holds unless it is said again; the first of two is what counts for a person
VALIDADE_S: Final = {"DIGITANDO": 6, "VENDO": 30, "ONLINE": 45, "AUSENTE": 45}
MAXIMO: Final = 200
_PRAZO_S: Final = 0.1


class Presenca:
    """`url` is Redis. A place is a conversation, or the whole tenant (None)."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=_PRAZO_S)

    async def marcar(
        self, cliente_id: UUID, lugar: UUID | None, usuario_id: UUID, sessao_id: UUID, estado: str
    ) -> bool:
        """Say it; True when others have to hear of it, because it is new or different."""
        chave, membro, agora = _chave(cliente_id, lugar), f"{usuario_id}:{sessao_id}", time.time()
        try:
            async with asyncio.timeout(_PRAZO_S), self._redis.pipeline(transaction=True) as cano:
                cano.zrangebyscore(chave, agora, "+inf", start=0, num=MAXIMO)
                cano.zremrangebyscore(chave, "-inf", agora)
                for outro in VALIDADE_S:
                    cano.zrem(chave, f"{membro}:{outro}")
                cano.zadd(chave, {f"{membro}:{estado}": agora + VALIDADE_S[estado]})
                cano.pexpire(chave, round(max(VALIDADE_S.values()) * 1000))
                antes = (await cano.execute())[0]
        except FALHAS:
            return False
        return f"{membro}:{estado}".encode() not in antes

    async def listar(self, cliente_id: UUID, lugar: UUID | None) -> dict[UUID, str]:
        """The state of each person who is there."""
        try:
            async with asyncio.timeout(_PRAZO_S):
                membros = await self._redis.zrangebyscore(
                    _chave(cliente_id, lugar), time.time(), "+inf", start=0, num=MAXIMO
                )
        except FALHAS:
            return {}
        ordem = list(VALIDADE_S)
        presentes: dict[UUID, str] = {}
        for membro in membros:
            usuario, _, estado = bytes(membro).decode().split(":")  # type: ignore[arg-type]
            usuario_id = UUID(usuario)
            presentes[usuario_id] = min(presentes.get(usuario_id, estado), estado, key=ordem.index)
        return presentes

    async def fechar(self) -> None:
        await self._redis.aclose()


def _chave(cliente_id: UUID, lugar: UUID | None) -> str:
    return f"presenca:{cliente_id}:{lugar or 'todos'}"
