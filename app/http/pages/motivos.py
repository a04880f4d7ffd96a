"""The reasons with which a conversation is resolved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages.campos import ler_campos
from app.http.pages.configuracoes import mostrar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina
from app.http.pages.usuarios import ler_todos

ONDE = "/configuracoes/motivos"


async def _lista(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    return await mostrar(pagina, "motivos", status, motivos=await ler_todos(pagina, "api.motivos_listar"), **dados)


class PaginaMotivos(Controller):
    path = ONDE

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        return await _lista(pagina)

    @post("/", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.motivo_criar", p_nome=campos.um("nome"))
        except Erro as erro:
            return await _lista(pagina, pagina.recusa(erro), erro=erro, qual="novo", digitado=campos.digitado())
        return pagina.ir(ONDE, "Motivo criado")

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.motivo_atualizar", p_id=id, p_nome=campos.um("nome"), p_ativo=campos.um("ativo") == "sim",
                p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _lista(pagina, pagina.recusa(erro), erro=erro, qual=str(id), digitado=campos.digitado())
        return pagina.ir(ONDE, "Motivo salvo")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.motivo_remover", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _lista(pagina, pagina.recusa(erro), erro=erro, qual=str(id))
        return pagina.ir(ONDE, "Motivo removido")
