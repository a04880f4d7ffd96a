"""Access profiles: one table of what each permits, with a form for each profile that may be changed."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.erros import Erro
from app.http.pages.campos import ler_campos
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario
from app.http.pages.usuarios import Dados, ler_todos


def _grupo(permissao: Dados) -> str:
    return str(permissao["codigo"]).partition(":")[0]


async def _matriz(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    """`alvo`: the profile whose form was refused, with what was typed in it."""
    catalogo = await pagina.chamada.ler("api.permissoes_listar", Dados)
    grupos = [(nome, list(p)) for nome, p in groupby(sorted(catalogo["dados"], key=_grupo), _grupo)]
    perfis = sorted(await ler_todos(pagina, "api.perfis_listar"), key=lambda p: (p["codigo"] is None, p["nome"]))
    vazios: Dados = {"erro": None, "alvo": None, "marcadas": [], "digitado": None}
    return await pagina.mostrar("perfis.html", status, grupos=grupos, perfis=perfis, **{**vazios, **dados})


async def _novo(pagina: Pagina, de: UUID | None, status: int = 200, **dados: Any) -> Html:
    perfis = sorted(await ler_todos(pagina, "api.perfis_listar"), key=lambda p: (p["codigo"] is None, p["nome"]))
    vazios = {"erro": None, "digitado": None, "de": str(de or "")}
    return await pagina.mostrar("perfil_novo.html", status, perfis=perfis, **{**vazios, **dados})


class PaginaPerfis(Controller):
    path = "/usuarios/perfis"

    @get("/", **PAGINA)
    async def ver(self, pagina: ComPagina) -> Html:
        return await _matriz(pagina)

    @get("/novo", **formulario("perfis:gerir"))
    async def novo(self, pagina: ComPagina, de: Annotated[UUID | None, QueryParameter()] = None) -> Html:
        return await _novo(pagina, de)

    @post("/novo", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            modelo = await pagina.chamada.ler("api.perfil_obter", Dados, p_id=campos.id("de"))
            criado = await pagina.chamada.ler(
                "api.perfil_criar", Dados, p_nome=campos.um("nome"), p_visibilidade=campos.um("visibilidade"),
                p_permissoes=modelo["permissoes"],
            )  # fmt: skip
        except Erro as erro:
            return await _novo(pagina, None, pagina.recusa(erro), erro=erro, digitado=campos.digitado())
        return pagina.ir(f"/usuarios/perfis#perfil-{criado['id']}", "Perfil criado: marque o que ele permite")

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.perfil_atualizar", p_id=id, p_nome=campos.um("nome"), p_visibilidade=campos.um("visibilidade"),
                p_permissoes=campos.todos("permissoes"), p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            digitado = {"marcadas": campos.todos("permissoes"), "digitado": campos.digitado()}
            return await _matriz(pagina, pagina.recusa(erro), erro=erro, alvo=str(id), **digitado)
        return pagina.ir("/usuarios/perfis", "Perfil salvo: vale desde já")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.perfil_remover", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _matriz(pagina, pagina.recusa(erro), erro=erro)
        return pagina.ir("/usuarios/perfis", "Perfil removido")
