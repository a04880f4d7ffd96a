"""The main navigation: what exists, under which word and icon, and which permission shows it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Item(Struct, frozen=True):
    """One entry: `caminho` is where it leads, `permissao` the one that shows it (None = everybody)."""

    caminho: str
    nome: str
    icone: str
    permissao: str | None = None


MENU: Final = (
    Item("/", "Painel", "painel"),
    Item("/conversas", "Conversas", "conversas", "conversas:ler"),
    Item("/etiquetas", "Etiquetas", "etiquetas", "etiquetas:ler"),
)


def menu_de(permissoes: list[str]) -> list[Item]:
    """The entries that somebody with these permissions sees."""
    return [item for item in MENU if item.permissao is None or item.permissao in permissoes]
