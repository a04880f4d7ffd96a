"""What gave up: by cause, one by one, with its history; back to the queue, or put aside, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, argumentos, documento
from app.tipos.entregas import FilaMortaResolver


class FilaMorta(Controller):
    path = "/api/fila-morta"
    tags = ["Fila morta"]  # noqa: RUF012

    @get("/grupos", **documento("api.fila_morta_grupos_listar", resumo="Listar por causa o que espera alguém"))
    async def grupos(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.fila_morta_grupos_listar", p_limite=limite, p_cursor=cursor)

    @get("/", **documento("api.fila_morta_listar", resumo="Listar o que desistiu"))
    async def listar(
        self,
        chamada: Chamada,
        resolvida: Annotated[
            bool | None, QueryParameter(description="Só as já resolvidas, ou só as abertas; todas, se ausente.")
        ] = None,
        grupo: Annotated[UUID | None, QueryParameter()] = None,
        tipo: Annotated[str | None, QueryParameter(pattern="^[a-z_]{3,40}$")] = None,
        erro_codigo: Annotated[int | None, QueryParameter(name="erroCodigo", ge=-(2**31), le=2**31 - 1)] = None,
        conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
        de: Annotated[datetime | None, QueryParameter(description="Desistiu a partir de.")] = None,
        ate: Annotated[datetime | None, QueryParameter(description="Desistiu antes de.")] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.fila_morta_listar", p_resolvida=resolvida, p_grupo=grupo, p_tipo=tipo, p_erro_codigo=erro_codigo,
            p_conexao_id=conexao_id, p_de=de, p_ate=ate, p_limite=limite, p_cursor=cursor,
        )  # fmt: skip

    @get("/contagem", **documento("api.fila_morta_contar", resumo="Contar o que espera alguém, até 100"))
    async def contar(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.fila_morta_contar")

    @get("/{id:uuid}", **documento("api.fila_morta_obter", resumo="Obter um item com toda a história"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.fila_morta_obter", p_id=id)

    @post("/reenfileirar", **documento("api.fila_morta_reenfileirar", resumo="Devolver à fila"))
    async def reenfileirar(
        self, data: JSONBody[FilaMortaResolver], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await chamada.objeto("api.fila_morta_reenfileirar", **argumentos(data), p_chave_idempotencia=chave)

    @post("/descartar", **documento("api.fila_morta_descartar", resumo="Descartar"))
    async def descartar(
        self, data: JSONBody[FilaMortaResolver], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await chamada.objeto("api.fila_morta_descartar", **argumentos(data), p_chave_idempotencia=chave)
