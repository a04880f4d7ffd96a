"""Sends that nobody confirmed: what is known of each, and a person's decision."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, Cursor, Json, Limite, argumentos, documento
from app.tipos.entregas import AlvoTipo, IncertoDecidir


class Entregas(Controller):
    path = "/api/entregas"
    tags = ["Entregas"]  # noqa: RUF012

    @get("/incertas", **documento("api.incertos_listar", resumo="Listar envios sem confirmação"))
    async def listar(
        self,
        chamada: Chamada,
        alvo_tipo: Annotated[AlvoTipo | None, QueryParameter(name="alvoTipo")] = None,
        campanha_id: Annotated[UUID | None, QueryParameter(name="campanhaId")] = None,
        conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
        vencidos: Annotated[
            bool, QueryParameter(description="Só os que passaram do prazo e esperam uma pessoa.")
        ] = True,
        minutos: Annotated[
            int | None, QueryParameter(ge=0, le=1_000_000, description="Só os de há pelo menos tantos minutos.")
        ] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.incertos_listar", p_alvo_tipo=alvo_tipo, p_campanha_id=campanha_id, p_conexao_id=conexao_id,
            p_vencidos=vencidos, p_minutos=minutos, p_limite=limite, p_cursor=cursor,
        )  # fmt: skip

    @post(
        "/incertas/{alvo_tipo:str}/{id:uuid}/decidir",
        **documento("api.incerto_decidir", resumo="Decidir sobre um envio sem confirmação"),
    )
    async def decidir(
        self, alvo_tipo: FromPath[AlvoTipo], id: FromPath[UUID], data: JSONBody[IncertoDecidir], chamada: Chamada
    ) -> Json:
        return await chamada.objeto("api.incerto_decidir", p_alvo_tipo=alvo_tipo, p_id=id, **argumentos(data))
