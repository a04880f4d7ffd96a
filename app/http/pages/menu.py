"""The main navigation: what exists, under which word and icon, and which permission shows it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Item(Struct, frozen=True):
    """One entry: `caminho` is where it leads, `permissao` the one that shows it (None = everybody). A `grupo` is set
    apart from the one before; `atalho` is the letter that leads there after g."""

    caminho: str
    nome: str
    icone: str
    permissao: str | None = None
    grupo: int = 1
    atalho: str = ""


# on a phone the first four stand in the bar, the others under "Mais"
MENU: Final = (
    Item("/", "Painel", "painel", None, 1, "p"),
    Item("/conversas", "Conversas", "conversas", "conversas:ler", 1, "c"),
    Item("/contatos", "Contatos", "contatos", "contatos:ler", 1, "v"),
    Item("/etiquetas", "Etiquetas", "etiquetas", "etiquetas:ler", 1, "e"),
    Item("/canais", "Canais", "canais", "conexoes:ler", 2, "n"),
    Item("/saude", "Saúde", "saude", "conexoes:ler", 2, "s"),
    Item("/fila-morta", "Fila morta", "fila-morta", "fila:ler", 2, "f"),
    Item("/webhooks-recebidos", "Webhooks", "webhooks", "webhooks:ler", 2, "w"),
)


def menu_de(permissoes: list[str]) -> list[Item]:
    """The entries that somebody with these permissions sees."""
    return [item for item in MENU if item.permissao is None or item.permissao in permissoes]
