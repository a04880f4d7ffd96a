"""What the limiter and its callers exchange."""

from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Protocol
from uuid import UUID

import msgspec

VALIDADE_S = 0.010
"""A permit is usable from its slot until this long after it (g in the bound)."""

ESCRITA_ATE_S = 0.5
"""A process that froze for longer than this after entering must not write: its token may be reclaimed after 2 s."""


class Autoridade(StrEnum):
    REDIS = "REDIS"
    POSTGRES = "POSTGRES"


class Desfecho(StrEnum):
    """How a request that entered ended, as far as the limiter cares."""

    RESPONDIDO = "RESPONDIDO"
    SEM_RESPOSTA = "SEM_RESPOSTA"  # timed out: it may still arrive, so its token stays out until the lease ends
    NAO_ENVIADO = "NAO_ENVIADO"  # proven unwritten: the token returns and no latency is learnt


class Numero(msgspec.Struct, frozen=True):
    """One WhatsApp number: its ceiling per second as it is now (what comes in is already taken off), and who may grant
    slots for it in which epoch."""

    cliente_id: UUID
    conexao_id: UUID
    teto: int
    epoca: int
    autoridade: Autoridade = Autoridade.REDIS

    def __post_init__(self) -> None:
        if not 15 <= self.teto <= 1000:
            raise ValueError(f"teto {self.teto} is outside 15..1000")

    @property
    def chave(self) -> tuple[UUID, UUID]:
        return self.cliente_id, self.conexao_id


@dataclass(slots=True, eq=False)
class Permissao:
    """The right to start one request within [abre, fecha] on this process's monotonic clock.

    `abre` is the latest that the slot can begin here and `fecha` the earliest that it can end, given how well the
    authority's clock is known, so no clock has to agree with another. A claim must name `numero.epoca`; a forfeited
    permit is worth nothing, and the permit that replaces it has to pass the database's check of the epoch again.
    """

    numero: Numero
    ficha: str
    vaga: int  # microseconds on the authority's clock; its own business
    abre: float
    fecha: float
    entrou: float | None = None

    def ainda_vale(self) -> bool:
        """True if the request may be written now; ask right before the write, with no await in between."""
        return self.entrou is not None and monotonic() - self.entrou <= ESCRITA_ATE_S


class Concessao(msgspec.Struct):
    """One answer of an authority: slots, or how long to wait before asking again; and what it knows of the number."""

    permissoes: list[Permissao]
    espera_s: float = 0.0
    esgotou: bool = False
    nasceu: bool = False
    sem_estado: bool = False
    concorrencia: int = 0
    em_voo: int = 0
    reservatorio: int = 0
    ritmo: float = 0.0
    latencia_s: float = 0.0


class AutoridadeBanco(Protocol):
    """The `worker.limite_*` functions; each answers JSON bytes."""

    async def limite_obter(self, cliente_id: UUID, conexao_id: UUID) -> bytes: ...

    async def limite_assumir(self, cliente_id: UUID, conexao_id: UUID, epoca: int, autoridade: str) -> bytes: ...

    async def limite_reservar(
        self, cliente_id: UUID, conexao_id: UUID, epoca: int, quantos: int, antecedencia_ms: int
    ) -> bytes: ...

    async def limite_recuar(self, cliente_id: UUID, conexao_id: UUID, fator_pct: int) -> bytes: ...
