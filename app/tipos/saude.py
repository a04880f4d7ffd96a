"""What the health page says."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.tipos.comum import Resposta


class SaudeDoBanco(Struct):
    """`api.saude_obter`, as the edge reads it."""

    migracao: int | None
    restricoes: dict[str, str]
    workers: int


class Saude(Resposta):
    """`DEGRADADO`: requests are served, but without cache or without anybody to send messages."""

    situacao: Literal["OK", "DEGRADADO"]
    banco: bool
    redis: bool
    workers: int
    migracao: int | None
    versao: str
