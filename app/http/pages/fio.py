"""The thread of a conversation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.http.pages.pagina import Pagina


async def contexto(pagina: Pagina, id: UUID) -> dict[str, Any]:
    """What `_fio.html` needs besides `conversa`."""
    return {}
