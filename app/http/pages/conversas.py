"""The inbox: the list, the conversation that is open, and what is known of the person."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages import fio
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.vista import ABAS, STATUS, Vista, ler_vista

POR_PAGINA: Final = 30
# the element that htmx replaces: the template of that region
_REGIOES: Final = {"lista": "lista.html", "mais": "cartoes.html", "conversa": "conversa.html", "fio": "fio.html"}


def _regiao(pagina: Pagina) -> str:
    return _REGIOES.get(pagina.pedido.headers.get("hx-target", ""), "conversas.html")


def _vista(pagina: Pagina) -> Vista:
    return ler_vista(pagina.pedido.query_params)


async def _mesa(pagina: Pagina) -> dict[str, Any] | None:
    """The desk of whoever asks; nothing for who does not answer customers."""
    try:
        mesa: dict[str, Any] = await pagina.chamada.ler("api.atendimento_obter", dict[str, Any])
    except Erro as erro:
        if erro.status != 403:
            raise
        return None
    return mesa


async def _cartoes(pagina: Pagina, vista: Vista) -> dict[str, Any]:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.conversas_listar",
        dict[str, Any],
        p_filtros=vista.filtros,
        p_ordem=vista.ordem.upper() or None,
        p_limite=POR_PAGINA,
        p_cursor=pagina.pedido.query_params.get("cursor"),
    )
    return {"conversas": lida["dados"], "meta": lida["meta"], "vista": vista}


async def _lista(pagina: Pagina, vista: Vista) -> dict[str, Any]:
    """Everything of the list's column."""
    cartoes, contagem, mesa = await asyncio.gather(
        _cartoes(pagina, vista),
        pagina.chamada.ler("api.conversas_contar", dict[str, Any], p_filtros=vista.filtros),
        _mesa(pagina),
    )
    return {**cartoes, "contagem": contagem, "mesa": mesa, "abas": ABAS, "estados": list(STATUS)}


async def _conversa(pagina: Pagina, id: UUID) -> dict[str, Any]:
    """Everything of the conversation that is open."""
    conversa, do_fio = await asyncio.gather(
        pagina.chamada.ler("api.conversa_obter", dict[str, Any], p_id=id), fio.contexto(pagina, id)
    )
    return {**do_fio, "conversa": conversa, "vista": _vista(pagina)}


class PaginaConversas(Controller):
    path = "/conversas"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        regiao, vista = _regiao(pagina), _vista(pagina)
        dados = await (_cartoes(pagina, vista) if regiao == "cartoes.html" else _lista(pagina, vista))
        return await pagina.mostrar(regiao, **{"conversa": None, **dados})

    @get("/{id:uuid}", **PAGINA)
    async def abrir(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        regiao = _regiao(pagina)
        partes = [_conversa(pagina, id)]
        if regiao not in ("conversa.html", "fio.html"):
            partes.append(_lista(pagina, _vista(pagina)))
        dados: dict[str, Any] = {}
        for parte in await asyncio.gather(*partes):
            dados |= parte
        return await pagina.mostrar(regiao, **dados)
