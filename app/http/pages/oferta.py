"""What a queue offers: a card in any page, and without scripts a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, da_regiao


async def _ver(pagina: Pagina, erro: Erro | None = None) -> Html:
    atual = await pagina.chamada.ler("api.oferta_obter", dict[str, Any])
    return await pagina.mostrar("oferta.html", pagina.recusa(erro) if erro else 200, atual=atual, erro=erro)


class PaginaOferta(Controller):
    path = "/oferta"

    @get("/", **PAGINA)
    async def ver(self, pagina: ComPagina) -> Html:
        return await _ver(pagina)

    @post("/{id:uuid}/aceitar", **PAGINA)
    async def aceitar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            dada = await pagina.chamada.ler("api.oferta_aceitar", dict[str, Any], p_id=id)
        except Erro as erro:
            return await _ver(pagina, erro)
        conversa = dada["conversa"]
        return pagina.ir(f"/conversas/{conversa['id']}" if conversa else "/conversas", "Conversa aceita")

    @post("/{id:uuid}/recusar", **PAGINA)
    async def recusar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.oferta_recusar", p_id=id)
        except Erro as erro:
            return await _ver(pagina, erro)
        # the card of a page is gone already: nothing is left to be said
        return Response(b"") if da_regiao(pagina.pedido) else pagina.ir("/oferta", "Oferta recusada")
