"""The command box (a search over everything, and what can be done here) and the sheet of shortcuts."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable
from itertools import groupby
from typing import Annotated, Any, Final

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from app.erros import Erro
from app.http.pages.atalhos import ACOES, Acao, teclas_de
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, leitor_de
from app.http.render import traduzir

_CAMPANHAS: Final = 5
_NADA: Final[dict[str, Any]] = {"contatos": [], "conversas": [], "mensagens": []}
_TECLAS: Final = {"Escape": "Esc", "ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→"}


class Linha(Struct, frozen=True):
    """An action as the box and the sheet show it."""

    codigo: str
    nome: str
    teclas: list[str]


def _simples(texto: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", texto.casefold()) if not unicodedata.combining(c))


async def _ou_nada(pedido: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """What may be seen of it: one kind that is refused hides itself, not the others."""
    try:
        return await pedido
    except Erro as erro:
        if erro.defeito or erro.status not in (400, 403, 422):
            raise
        return {}


def _grupos(pagina: Pagina, q: str = "") -> list[tuple[str, list[Linha]]]:
    t = traduzir(leitor_de(pagina.pedido).idioma)

    def linha(acao: Acao) -> Linha:
        return Linha(acao.codigo, t(acao.nome), [_TECLAS.get(k, k) for k in teclas_de(acao, pagina.eu["preferencias"])])

    permitidas = (a for a in ACOES if a.permissao is None or a.permissao in pagina.eu["permissoes"])
    achadas = (a for a in permitidas if _simples(q) in _simples(t(a.nome)))
    return [(t(nome), [linha(a) for a in deles]) for nome, deles in groupby(achadas, lambda a: a.grupo)]


@get("/comandos", **PAGINA)
async def comandos(pagina: ComPagina, q: Annotated[str, QueryParameter(max_length=200)] = "") -> Html:
    achados: dict[str, Any] = _NADA
    campanhas: dict[str, Any] = {}
    if len(q.strip()) > 1:
        achados, campanhas = await asyncio.gather(
            _ou_nada(pagina.chamada.ler("api.busca_obter", dict[str, Any], p_busca=q)),
            _ou_nada(pagina.chamada.ler("api.campanhas_listar", dict[str, Any], p_busca=q, p_limite=_CAMPANHAS)),
        )
    return await pagina.mostrar(
        "comandos.html",
        q=q,
        grupos=_grupos(pagina, q),
        achados={**_NADA, **achados},
        campanhas=campanhas.get("dados", []),
    )


@get("/atalhos", **PAGINA)
async def atalhos(pagina: ComPagina) -> Html:
    return await pagina.mostrar("atalhos.html", grupos=_grupos(pagina))
