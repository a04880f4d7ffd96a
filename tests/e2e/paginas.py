"""Every page, for what each must pass: axe, budgets, screenshots. A page that is not here is not looked at.

Budgets are those of the brief for a cold cache: KB after gzip of scripts, style and HTML, requests, nodes at load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Orcamento:
    """What a page may cost: KB (gz) of scripts, style and HTML, requests, nodes."""

    js: float
    html: float
    pedidos: int
    nos: int
    css: float = 9.0


@dataclass(frozen=True)
class Endereco:
    """One page: its name in artefacts, its address (the scene fills `{conversa}` and the like), its budget."""

    nome: str
    caminho: str
    orcamento: Orcamento


# lists page by a cursor, so a false one is an error that every list can have; a page that has none names its own
ERRO: Final = "?cursor=nenhum"
PAGINAS: Final = (
    Endereco("painel", "/", Orcamento(30, 8, 6, 400)),
    Endereco("contatos", "/contatos", Orcamento(20, 10, 6, 900)),
    Endereco("contato", "/contatos/{contato}", Orcamento(20, 10, 6, 900)),
    Endereco("contato-novo", "/contatos/novo", Orcamento(20, 10, 6, 900)),
    Endereco("importar", "/contatos/importar", Orcamento(20, 10, 6, 900)),
    Endereco("duplicados", "/contatos/duplicados", Orcamento(20, 10, 6, 900)),
    Endereco("etiquetas", "/etiquetas", Orcamento(20, 5, 6, 400)),
)
