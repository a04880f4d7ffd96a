"""The events that providers sent: what became of each, and putting them back into the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, Cursor, Json, Limite, argumentos, documento
from app.tipos.webhooks import EstadoWebhook, EventoReprocessar


class EventosRecebidos(Controller):
    path = "/api/webhooks"
    tags = ["Webhooks"]  # noqa: RUF012

    @get("/", **documento("api.webhooks_listar", resumo="Listar os eventos recebidos e o que foi feito de cada um"))
    async def listar(
        self,
        chamada: Chamada,
        status: Annotated[EstadoWebhook | None, QueryParameter()] = None,
        conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None,
        de: Annotated[datetime | None, QueryParameter(description="Recebido a partir de.")] = None,
        ate: Annotated[datetime | None, QueryParameter(description="Recebido antes de.")] = None,
        campo: Annotated[
            str | None,
            QueryParameter(min_length=1, max_length=100, description="Campo da Meta ou EventType do servidor UaiZap."),
        ] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.webhooks_listar", p_status=status, p_conexao_id=conexao_id, p_de=de, p_ate=ate, p_campo=campo,
            p_limite=limite, p_cursor=cursor,
        )  # fmt: skip

    @get("/horas", **documento("api.webhooks_horas_obter", resumo="Contar os eventos das últimas 24 horas, por hora"))
    async def horas(
        self, chamada: Chamada, conexao_id: Annotated[UUID | None, QueryParameter(name="conexaoId")] = None
    ) -> Json:
        return await chamada.objeto("api.webhooks_horas_obter", p_conexao_id=conexao_id)

    @get("/{id:uuid}", **documento("api.webhook_obter", resumo="Obter um evento recebido, com o corpo"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.webhook_obter", p_id=id)

    @post("/reprocessar", **documento("api.evento_reprocessar", resumo="Processar de novo eventos recebidos"))
    async def reprocessar(self, data: JSONBody[EventoReprocessar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.evento_reprocessar", **argumentos(data))
