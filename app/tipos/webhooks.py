"""Bodies and answers of the events that providers sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta

from app.tipos.comum import Corpo, Pagina, Resposta

EstadoWebhook = Literal["PENDENTE", "PROCESSADO", "IGNORADO", "DESCARTADO", "ERRO"]
Campo = Annotated[str, Meta(min_length=1, max_length=100)]


class EventoReprocessar(Corpo):
    """Either `ids`, or a filter with at least `status` or `de`; up to 1,000 per call."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)] | None = None
    status: EstadoWebhook | None = None
    conexao_id: UUID | None = None
    de: Annotated[datetime, Meta(tz=True)] | None = None
    ate: Annotated[datetime, Meta(tz=True)] | None = None
    campo: Campo | None = None
    cursor: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")] | None = None


class Webhook(Resposta):
    """One stored body. IGNORADO: something in it is not understood yet; DESCARTADO: understood, of no use here."""

    id: UUID
    conexao_id: UUID
    status: EstadoWebhook
    motivo: str | None
    motivo_texto: str | None
    campos: list[str]
    bytes: int
    recebido_em: datetime
    processado_em: datetime | None


class WebhookDetalhe(Webhook):
    """`corpo` null: it cannot be read."""

    corpo: dict[str, Any] | None


class HoraDeWebhooks(Resposta):
    hora: datetime
    total: int
    erros: int


class HorasDeWebhooks(Resposta):
    """The last 24 hours, oldest first; each count stops at `maximo`."""

    horas: list[HoraDeWebhooks]
    maximo: int


class Reprocessados(Resposta):
    """How many went back to the queue; `proximoCursor` not null: there are more, ask again with it."""

    reenfileirados: int
    proximo_cursor: str | None


CONTRATOS: Final[dict[str, Any]] = {
    "api.webhooks_listar": Pagina[Webhook],
    "api.webhooks_horas_obter": HorasDeWebhooks,
    "api.webhook_obter": WebhookDetalhe,
    "api.evento_reprocessar": Reprocessados,
}
