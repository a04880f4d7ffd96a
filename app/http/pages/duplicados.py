"""Contacts that are one person: what the system suggests, joining by choice, undoing."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http.pages.contato import obter
from app.http.pages.contatos import Filtros, id_ou_nada
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario


async def _sugestoes(pagina: Pagina, cursor: str | None = None, erro: Erro | None = None) -> Html:
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.sugestoes_listar", dict[str, Any], p_limite=20, p_cursor=cursor
    )
    return await pagina.mostrar(
        "duplicados.html", pagina.recusa(erro) if erro else 200, sugestoes=lida["dados"], meta=lida["meta"], erro=erro,
        cursor=cursor,
    )  # fmt: skip


async def _juntar(pagina: Pagina, id_: UUID, q: str = "", erro: Erro | None = None) -> Html:
    """Whom to join this contact with: those that the search finds, but itself."""
    contato, achados = await obter(pagina, id_), []
    try:
        if q.strip():
            lida: dict[str, Any] = await pagina.chamada.ler(
                "api.contatos_listar", dict[str, Any], **Filtros(q=q).argumentos(), p_limite=20
            )
            achados = [c for c in lida["dados"] if c["id"] != contato["id"]]
    except Erro as recusa:
        erro = recusa
    return await pagina.mostrar(
        "juntar.html", pagina.recusa(erro) if erro else 200, contato=contato, achados=achados, q=q, erro=erro
    )


class PaginaDuplicados(Controller):
    path = "/contatos"

    @get("/duplicados", **PAGINA)
    async def listar(self, pagina: ComPagina, cursor: Annotated[str | None, QueryParameter()] = None) -> Html:
        return await _sugestoes(pagina, cursor)

    @get("/{id:uuid}/juntar", **formulario("contatos:fundir"))
    async def escolher(
        self, pagina: ComPagina, id: FromPath[UUID], q: Annotated[str, QueryParameter(max_length=200)] = ""
    ) -> Html:
        return await _juntar(pagina, id, q)

    @post("/juntar", **PAGINA)
    async def juntar(self, pagina: ComPagina) -> Response[Any]:
        """`par` are the two; `fica` the one that stays, the other goes into it."""
        form = await pagina.pedido.form()
        fica = id_ou_nada(str(form.get("fica") or ""))
        sai = next((i for i in (id_ou_nada(str(p)) for p in form.getall("par", [])) if i and i != fica), fica)
        try:
            await pagina.chamada.objeto("api.contato_fundir", p_id=fica, p_outro_id=sai)
        except Erro as erro:
            return await _sugestoes(pagina, erro=erro)
        return pagina.ir(f"/contatos/{fica}#fusoes", "Contatos juntados: dá para desfazer aqui")

    @post("/sugestoes/{id:uuid}/descartar", **PAGINA)
    async def descartar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.sugestao_descartar", p_id=id)
        return pagina.ir("/contatos/duplicados", "Não são a mesma pessoa: não sugerimos mais")

    @post("/fusoes/{id:uuid}/separar", **PAGINA)
    async def separar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            feita: dict[str, Any] = await pagina.chamada.ler("api.contato_separar", dict[str, Any], p_fusao_id=id)
        except Erro as erro:
            return await _sugestoes(pagina, erro=erro)
        return pagina.ir(f"/contatos/{feita['deId']}", "Fusão desfeita: cada um voltou a ser um")
