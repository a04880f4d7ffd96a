"""Filters and saved views of the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages.conversas import desenhar, ler_visoes, opcoes, vista_de
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina


async def _visoes(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    vazios: dict[str, Any] = {"erro": None, "digitado": {}}
    return await desenhar(
        pagina,
        "visoes.html",
        status,
        visoes=await ler_visoes(pagina),
        opcoes=await opcoes(pagina),
        vista=vista_de(pagina),
        **{**vazios, **dados},
    )


class PaginaVisoes(Controller):
    path = "/conversas"

    @get("/filtros", **PAGINA)
    async def filtros(self, pagina: ComPagina) -> Html:
        return await desenhar(pagina, "filtros.html", opcoes=await opcoes(pagina), vista=vista_de(pagina))

    @get("/visoes", **PAGINA)
    async def visoes(self, pagina: ComPagina) -> Html:
        return await _visoes(pagina)

    @post("/visoes", **PAGINA)
    async def salvar(self, pagina: ComPagina) -> Response[Any]:
        dados, vista = await pagina.pedido.form(), vista_de(pagina)
        try:
            await pagina.chamada.objeto(
                "api.visao_criar",
                p_nome=dados.get("nome", ""),
                p_filtros=vista.filtros,
                p_ordem=vista.ordem_pedida,
                p_equipe_id=dados.get("equipe") or None,
                p_fixada=bool(dados.get("fixada")),
            )
        except Erro as erro:
            return await _visoes(pagina, pagina.recusa(erro), erro=erro, digitado=dict(dados))
        return pagina.ir("/conversas" + vista.consulta(), "Visão salva")

    @post("/visoes/{id:uuid}/fixar", **PAGINA)
    async def fixar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        dados = await pagina.pedido.form()
        fixada = bool(dados.get("fixada"))
        await pagina.chamada.objeto("api.visao_atualizar", p_id=id, p_fixada=fixada)
        return pagina.ir("/conversas" + vista_de(pagina).consulta(), "Visão fixada" if fixada else "Visão solta")

    @post("/visoes/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.visao_remover", p_id=id)
        return pagina.ir("/conversas" + vista_de(pagina).consulta(), "Visão removida")
