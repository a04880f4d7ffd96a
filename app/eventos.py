"""How events travel from the relay to the streams: one Redis channel for each tenant, ids only.

It is a hint. What was numbered is in the database (`api.eventos_desde`), so a message that is lost, doubled or late
costs a question, never an event: whoever sees a gap in the numbers, or no sign of life, asks there.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from app.redis_vivo import FALHAS

PULSO_S: Final = 0.5
SILENCIO_S: Final = 2.0
_CANAL: Final = "eventos:"
_PULSO: Final = "eventos:pulso"
_PRAZO_S: Final = 0.5
_NOVA_TENTATIVA_S: Final = 1.0
_registro = structlog.get_logger(__name__)


class Aviso(msgspec.Struct, frozen=True, array_like=True):
    """One numbered event. `topicos` = who may know, None = every session of the tenant; `sessoes` = what a session may
    see may have changed with it."""

    numero: int
    tipo: str
    alvo_id: UUID
    conversa_id: UUID | None = None
    topicos: frozenset[str] | None = None
    sessoes: bool = False

    @property
    def fila(self) -> bool:
        """The conversation is, or was, in a queue."""
        return any(t.startswith("conversas:fila:") for t in self.topicos or ())


class Sinal(msgspec.Struct, frozen=True, array_like=True):
    """Something that passes and is kept nowhere: who looks, who types."""

    nome: str
    chave: str
    dados: msgspec.Raw
    topicos: frozenset[str] | None = None


class Recado(msgspec.Struct, frozen=True):
    """One message of a channel. The numbers of `avisos` follow one another without a gap."""

    avisos: tuple[Aviso, ...] = ()
    sinais: tuple[Sinal, ...] = ()


async def publicar(redis: Redis, recados: Mapping[UUID, Recado], *, pulso: bool = False) -> None:
    """Send to each tenant's channel, in one round trip, and say that the relay lives. Raises what Redis raises."""
    async with redis.pipeline(transaction=False) as cano:
        for cliente_id, recado in recados.items():
            cano.publish(_CANAL + str(cliente_id), msgspec.json.encode(recado))
        if pulso:
            cano.publish(_PULSO, b"")
        async with asyncio.timeout(_PRAZO_S):
            await cano.execute()


class Escuta:
    """The one subscription of a process. `ao_ouvir` is called for each message, `ao_mudar` when `viva` has changed.

    `viva`: subscribed, and the relay was heard a moment ago. While it is not, ask the database.
    """

    def __init__(self, url: str, ao_ouvir: Callable[[UUID, Recado], None], ao_mudar: Callable[[], None]) -> None:
        self._redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=_PRAZO_S)
        self._ao_ouvir, self._ao_mudar = ao_ouvir, ao_mudar
        self._canal: PubSub | None = None
        self._ouvido = 0.0
        self._viva = False
        self._clientes: dict[UUID, asyncio.Event] = {}

    @property
    def viva(self) -> bool:
        return self._canal is not None and time.monotonic() - self._ouvido < SILENCIO_S

    async def ouvir(self, cliente_id: UUID) -> None:
        """Hear this tenant from now on; returns when Redis confirmed, or when it does not come to that."""
        pronto = self._clientes.setdefault(cliente_id, asyncio.Event())
        if not pronto.is_set():
            await self._pedir(lambda canal: canal.subscribe(_CANAL + str(cliente_id)))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pronto.wait(), _PRAZO_S)

    async def deixar(self, cliente_id: UUID) -> None:
        if self._clientes.pop(cliente_id, None):
            await self._pedir(lambda canal: canal.unsubscribe(_CANAL + str(cliente_id)))

    async def enviar(self, cliente_id: UUID, sinal: Sinal) -> None:
        """Tell what is kept nowhere. Never raises for Redis."""
        with contextlib.suppress(*FALHAS):
            await publicar(self._redis, {cliente_id: Recado(sinais=(sinal,))})

    async def correr(self) -> None:
        """Listen until cancelled; Redis may come and go."""
        while True:
            try:
                await self._escutar()
            except FALHAS as erro:
                _registro.warning("eventos_sem_redis", erro=repr(erro)[:200])
            finally:
                self._canal = None
                for pronto in self._clientes.values():
                    pronto.clear()
                self._conferir()
            await asyncio.sleep(_NOVA_TENTATIVA_S)

    async def fechar(self) -> None:
        await self._redis.aclose()

    async def _escutar(self) -> None:
        async with self._redis.pubsub() as canal:
            await canal.subscribe(_PULSO, *(_CANAL + str(c) for c in self._clientes))
            self._canal = canal
            while True:
                mensagem = await canal.get_message(timeout=PULSO_S)
                if mensagem is not None:
                    self._receber(mensagem["type"], mensagem["channel"].decode(), mensagem["data"])
                self._conferir()

    def _receber(self, tipo: str, canal: str, dados: bytes | int) -> None:
        cliente = canal.removeprefix(_CANAL)
        if canal == _PULSO:
            self._ouvido = time.monotonic() if tipo == "message" else self._ouvido
        elif tipo == "subscribe" and (pronto := self._clientes.get(UUID(cliente))):
            pronto.set()
        elif tipo == "message" and isinstance(dados, bytes):
            self._ao_ouvir(UUID(cliente), msgspec.json.decode(dados, type=Recado))

    def _conferir(self) -> None:
        if self._viva != self.viva:
            self._viva = self.viva
            self._ao_mudar()

    async def _pedir(self, fazer: Callable[[PubSub], object]) -> None:
        if self._canal is None:
            return
        with contextlib.suppress(*FALHAS):
            async with asyncio.timeout(_PRAZO_S):
                await fazer(self._canal)  # type: ignore[misc]


def avisos_de(cru: Sequence[Mapping[str, object]]) -> tuple[Aviso, ...]:
    """What `worker.eventos_publicar` returned, as it travels."""
    return msgspec.convert(
        [
            (e["numero"], e["tipo"], e["alvoId"], e["conversaId"], e["topicos"], "perfis" in e["marcas"])  # type: ignore[operator]
            for e in cru
        ],
        type=tuple[Aviso, ...],
    )
