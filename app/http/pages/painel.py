"""The first page."""

from __future__ import annotations

from litestar import get

from app.http.pages.pagina import PAGINA, ComPagina, Html


@get("/", **PAGINA)
async def painel(pagina: ComPagina) -> Html:
    return await pagina.mostrar("painel.html")
