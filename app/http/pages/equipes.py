"""Teams: who is in them, when they serve and how their queue is handed out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages.campos import Campos, ler_campos
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario
from app.http.pages.usuarios import Dados, ler_todos


async def _formulario(pagina: Pagina, status: int = 200, **dados: Any) -> Html:
    vazios = {"equipe": None, "erro": None, "qual": "", "digitado": None, "marcados": None}
    return await pagina.mostrar(
        "equipe.html", status, pessoas=await ler_todos(pagina, "api.usuarios_buscar", p_ativo=True),
        calendarios=await ler_todos(pagina, "api.calendarios_listar"), **{**vazios, **dados},
    )  # fmt: skip


async def _da_equipe(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    equipe = await pagina.chamada.ler("api.equipe_obter", Dados, p_id=id_)
    return await _formulario(pagina, status, equipe=equipe, **dados)


def _guardado(erro: Erro, campos: Campos, qual: str) -> Dados:
    return {"erro": erro, "qual": qual, "digitado": campos.digitado(), "marcados": campos.todos("membros")}


class PaginaEquipes(Controller):
    path = "/usuarios/equipes"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        equipes = sorted(await ler_todos(pagina, "api.equipes_listar"), key=lambda e: (not e["ativo"], e["nome"]))
        calendarios = await ler_todos(pagina, "api.calendarios_listar")
        return await pagina.mostrar(
            "equipes.html", equipes=equipes, calendarios={c["id"]: c["nome"] for c in calendarios}
        )

    @get("/nova", **formulario("equipes:gerir"))
    async def nova(self, pagina: ComPagina) -> Html:
        return await _formulario(pagina)

    @post("/nova", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            criada = await pagina.chamada.ler(
                "api.equipe_criar", Dados, p_nome=campos.um("nome"), p_membros=campos.ids("membros")
            )
        except Erro as erro:
            return await _formulario(pagina, pagina.recusa(erro), **_guardado(erro, campos, "dados"))
        return pagina.ir(f"/usuarios/equipes/{criada['id']}", "Equipe criada: diga quando e como ela atende")

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _da_equipe(pagina, id)

    @post("/{id:uuid}", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.equipe_atualizar", p_id=id, p_nome=campos.um("nome"), p_ativo=campos.um("ativo") == "sim",
                p_membros=campos.ids("membros"), p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _da_equipe(pagina, id, pagina.recusa(erro), **_guardado(erro, campos, "dados"))
        return pagina.ir(f"/usuarios/equipes/{id}", "Equipe salva")

    @post("/{id:uuid}/fila", **PAGINA)
    async def mudar_fila(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto(
                "api.equipe_atendimento_atualizar", p_id=id, p_calendario_id=campos.id("calendario"),
                p_distribuicao=campos.um("distribuicao"), p_oferta_segundos=campos.inteiro("oferta"),
                p_versao=campos.inteiro("versao"),
            )  # fmt: skip
        except Erro as erro:
            return await _da_equipe(pagina, id, pagina.recusa(erro), **_guardado(erro, campos, "fila"))
        return pagina.ir(f"/usuarios/equipes/{id}", "Fila salva")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        try:
            await pagina.chamada.objeto("api.equipe_remover", p_id=id, p_versao=campos.inteiro("versao"))
        except Erro as erro:
            return await _da_equipe(pagina, id, pagina.recusa(erro), erro=erro, qual="remover")
        return pagina.ir("/usuarios/equipes", "Equipe removida")
