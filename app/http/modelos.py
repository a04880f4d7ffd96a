"""Message templates: fetched from the provider, listed from the database."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from app.erros import Erro
from app.http.comum import Chamada, Cursor, DaSessao, Json, Limite, documento
from app.http.credencial import abrir_conexao
from app.provedores.meta_gestao import MetaGestao
from app.tipos.conexoes import Categoria, ModelosSincronizar


async def sincronizar_modelos(chamada: DaSessao, estado: State, conexao_id: UUID) -> Json:
    """Fetch the templates of a number's account and keep them. Raises Erro when the provider refuses, too."""
    conexao = await abrir_conexao(chamada, estado.cofre, "api.modelos_credencial_obter", p_conexao_id=conexao_id)
    if conexao.instancia is not None:
        raise Erro(422, "ZRX19", "um aparelho UaiZap não tem modelos", campo="conexaoId")
    # between the two calls no transaction is open, however long the provider takes
    gestao: MetaGestao = estado.gestao
    modelos = msgspec.Raw(msgspec.json.encode(await gestao.listar_modelos(conexao)))
    return await chamada.objeto("api.modelos_sincronizar", p_conexao_id=conexao_id, p_modelos=modelos)


class Modelos(Controller):
    path = "/api/modelos"
    tags = ["Modelos"]  # noqa: RUF012

    @get("/", **documento("api.modelos_listar", resumo="Listar modelos"))
    async def listar(
        self,
        chamada: Chamada,
        conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
        status: Annotated[str | None, QueryParameter(pattern="^[A-Z_]{3,30}$")] = None,
        categoria: Annotated[Categoria | None, QueryParameter()] = None,
        busca: Annotated[str | None, QueryParameter(max_length=120, description="Trecho do nome.")] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.modelos_listar",
            p_conexao_id=conexao_id,
            p_status=status,
            p_categoria=categoria,
            p_busca=busca,
            p_limite=limite,
            p_cursor=cursor,
        )

    @get("/{id:uuid}", **documento("api.modelo_obter", resumo="Obter modelo"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.modelo_obter", p_id=id)

    @post("/sincronizar", **documento("api.modelos_sincronizar", resumo="Buscar os modelos no provedor"))
    async def sincronizar(
        self, data: JSONBody[ModelosSincronizar], chamada: Chamada, request: Request[object, object, State]
    ) -> Json:
        return await sincronizar_modelos(chamada, request.app.state, data.conexao_id)
