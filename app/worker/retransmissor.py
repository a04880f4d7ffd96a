"""The relay: numbers what changed, makes the cache forget it, then tells the streams.

One worker does it, whoever holds the place in the database; the others look a few times a second whether it is free.
Numbers are given by the database under a lock, so two at a time would cost work and no more, and Redis is not needed
for them: without it the streams ask the database, and what was not told is told when it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from redis.asyncio import Redis

from app.banco import Chamavel
from app.cache import Pulso
from app.erros import Erro
from app.eventos import PULSO_S, Recado, avisos_de, publicar
from app.redis_vivo import FALHAS

PASSO_S: Final = 0.05
ESPERA_S: Final = 0.2
SEM_REDIS_S: Final = 0.25
PODA_S: Final = 3600.0
PODA_LOTE: Final = 5000
_LOTE: Final = 1000
_JUNTOS: Final = 4
_PRAZO_REDIS_S: Final = 0.5
_registro = structlog.get_logger(__name__)


class _Pendentes(msgspec.Struct):
    meu: bool
    clientes: list[UUID]


class _Leva(msgspec.Struct):
    publicado: int
    ultimo: int
    eventos: list[dict[str, Any]]


class Retransmissor:
    """`dono` signs for the place; `parar` ends the loop, which then leaves the place to another."""

    def __init__(self, banco: Chamavel, redis: Redis, dono: str, parar: asyncio.Event) -> None:
        self._banco, self._redis, self._dono, self._parar = banco, redis, dono, parar
        self._pulso: Pulso | None = None
        self._bateu = 0.0
        self._podou = time.monotonic()
        self._poda: asyncio.Task[None] | None = None
        self._confirmados: dict[UUID, int] = {}
        self._juntos = asyncio.Semaphore(_JUNTOS)

    async def correr(self) -> None:
        """Until `parar` is set, or cancelled."""
        try:
            while not self._parar.is_set():
                inicio = time.monotonic()
                passo = await self._passo()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._parar.wait(), max(0.0, passo - (time.monotonic() - inicio)))
        finally:
            if self._poda:
                self._poda.cancel()
            with contextlib.suppress(Erro):
                await self._banco.chamar("worker.eventos_pendentes", {"p_dono": self._dono, "p_fim": True})

    async def _passo(self) -> float:
        """One look; how long until the next one."""
        try:
            pendentes = msgspec.json.decode(
                await self._banco.chamar("worker.eventos_pendentes", {"p_dono": self._dono}), type=_Pendentes
            )
            if not pendentes.meu:
                self._pulso = None
                return ESPERA_S * random.uniform(0.7, 1.3)  # noqa: S311
            if self._pulso is None:
                self._pulso, self._bateu = Pulso(), 0.0
                self._confirmados.clear()
                _registro.info("retransmissor_assumiu", dono=self._dono)
            levas = dict(
                zip(pendentes.clientes, await asyncio.gather(*map(self._numerar, pendentes.clientes)), strict=True)
            )
        except Erro as erro:
            _registro.warning("eventos_sem_banco", codigo=erro.codigo)
            if self._pulso:
                self._pulso.perder()
            return 1.0
        if not await self._contar(self._pulso, levas):
            return SEM_REDIS_S
        if time.monotonic() - self._podou >= PODA_S:
            self._podou = time.monotonic()
            self._poda = asyncio.create_task(self._podar())
        return PASSO_S

    async def _numerar(self, cliente_id: UUID) -> _Leva:
        async with self._juntos:
            return msgspec.json.decode(
                await self._banco.chamar(
                    "worker.eventos_publicar",
                    {
                        "p_cliente_id": cliente_id,
                        "p_confirmado": self._confirmados.pop(cliente_id, 0),
                        "p_limite": _LOTE,
                    },
                ),
                type=_Leva,
            )

    async def _contar(self, pulso: Pulso, levas: Mapping[UUID, _Leva]) -> bool:
        """First the cache, then the streams; False when Redis did not take it."""
        novas = {cliente: leva.eventos for cliente, leva in levas.items() if leva.eventos}
        bater = time.monotonic() - self._bateu >= PULSO_S
        if not novas and not bater:
            return True
        mudancas = {cliente: {m for e in eventos for m in e["marcas"]} for cliente, eventos in novas.items()}
        try:
            async with asyncio.timeout(_PRAZO_REDIS_S):
                await pulso.bater(self._redis, mudancas)
                await publicar(
                    self._redis, {cliente: Recado(avisos=avisos_de(e)) for cliente, e in novas.items()}, pulso=bater
                )
        except FALHAS as erro:
            _registro.warning("eventos_sem_redis", erro=repr(erro)[:200])
            return False
        self._bateu = time.monotonic() if bater else self._bateu
        self._confirmados |= {cliente: eventos[-1]["numero"] for cliente, eventos in novas.items()}
        return True

    async def _podar(self) -> None:
        """Once an hour: what is older than a week, tenant by tenant, a bounded piece at a time."""
        with contextlib.suppress(Erro):
            clientes = await self._banco.chamar("worker.eventos_clientes_listar", {})
            for cliente_id in msgspec.json.decode(clientes, type=list[UUID]):
                este = {"p_cliente_id": cliente_id, "p_limite": PODA_LOTE}
                removidos = PODA_LOTE
                while removidos == PODA_LOTE:
                    removidos = int(await self._banco.chamar("worker.eventos_remover", este))
