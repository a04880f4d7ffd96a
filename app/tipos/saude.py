"""What the health page says."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.tipos.comum import Resposta


class FuncaoDoBanco(Struct, rename="camel"):
    """What a function asks of its caller, and whether it writes."""

    permissao: str | None
    escreve: bool


class SaudeDoBanco(Struct, rename="camel"):
    """`api.saude_obter`, as the edge reads it."""

    migracao: int | None
    restricoes: dict[str, str]
    funcoes: dict[str, FuncaoDoBanco]
    workers: int
    instantaneo_idade_s: float | None


class Saude(Resposta):
    """`DEGRADADO`: requests are served, but without cache, without anybody to send messages, or with a warning."""

    situacao: Literal["OK", "DEGRADADO"]
    banco: bool
    redis: bool
    workers: int
    migracao: int | None
    versao: str
    avisos: list[str]
