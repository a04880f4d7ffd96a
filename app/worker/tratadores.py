"""Which handler does each kind of edge work (`fila.tipo` with `execucao` BORDA)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.worker.borda import Tratador

TRATADORES: Final[Mapping[str, Tratador]] = {}
