"""Shapes shared by every domain: bounded scalars and the envelopes of answers."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

T = TypeVar("T")

# Of PostgreSQL's integer: the widest that a version or a counter may be.
Versao = Annotated[int, Meta(ge=1, le=2_147_483_647, description="Versão lida; se outra pessoa mudou antes, 409.")]
Email = Annotated[str, Meta(min_length=3, max_length=250, pattern=r"^\s*[^@\s]{1,64}@[^@\s]{1,185}\s*$")]


class Corpo(Struct, forbid_unknown_fields=True, rename="camel"):
    """Base of request bodies: unknown fields are refused, names are camelCase outside."""


class Resposta(Struct, forbid_unknown_fields=True, rename="camel"):
    """Base of answers: a field that the function adds and nobody declared fails the contract test."""


class MetaPagina(Resposta):
    """What comes with a page: where the next one starts, null at the end."""

    proximo_cursor: str | None


class Pagina(Struct, Generic[T], forbid_unknown_fields=True):
    """The answer of a list function."""

    dados: list[T]
    meta: MetaPagina
