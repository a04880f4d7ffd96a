"""Message templates: what the provider approved and how each is drawn."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from app.erros import Erro
from app.http.modelos import sincronizar_modelos
from app.http.pages.campanha_formularios import desenhar
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

POR_PAGINA: Final = 24


class Sincronizar(Struct):
    conexao_id: UUID


async def _numeros(pagina: Pagina) -> list[dict[str, Any]]:
    """The numbers that have templates; nobody's, for who may not see numbers."""
    try:
        lida: dict[str, Any] = await pagina.chamada.ler("api.conexoes_listar", dict[str, Any], p_limite=200)
    except Erro as erro:
        if erro.status != 403:
            raise
        return []
    return [n for n in lida["dados"] if n["instancia"] is None]


async def _mostrar(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    consulta = pagina.pedido.query_params
    filtro = {nome: consulta.get(nome, "")[:120].strip() for nome in ("status", "q")}
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.modelos_listar", dict[str, Any], p_status=filtro["status"] or None, p_busca=filtro["q"] or None,
        p_limite=POR_PAGINA, p_cursor=consulta.get("cursor"),
    )  # fmt: skip
    modelos = [{**m, "desenho": desenhar(m["componentes"], {})} for m in lida["dados"]]
    return await pagina.mostrar(
        "modelos.html", status, modelos=modelos, meta=lida["meta"], filtro=filtro, numeros=await _numeros(pagina),
        **{"erro": None, "escolhido": None, **dados},
    )  # fmt: skip


class PaginaModelos(Controller):
    path = "/modelos"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        return await _mostrar(pagina)

    @post("/sincronizar", **PAGINA)
    async def sincronizar(
        self,
        pagina: ComPagina,
        data: Annotated[Sincronizar, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Response[Any]:
        try:
            await sincronizar_modelos(pagina.chamada, pagina.pedido.app.state, data.conexao_id)
        except Erro as erro:
            if erro.defeito:
                raise
            return await _mostrar(pagina, erro.status, erro=erro, escolhido=str(data.conexao_id))
        return pagina.ir("/modelos", "Modelos sincronizados")
