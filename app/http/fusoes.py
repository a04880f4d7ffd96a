"""Contacts that are one person: join, separate, what the system suggests."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, argumentos, documento
from app.tipos.fusoes import ContatoFundir


class Fusoes(Controller):
    path = "/api/contatos"
    tags = ["Contatos"]  # noqa: RUF012

    @post("/{id:uuid}/fundir", **documento("api.contato_fundir", resumo="Juntar outro contato a este"))
    async def fundir(
        self, id: FromPath[UUID], data: JSONBody[ContatoFundir], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await chamada.objeto("api.contato_fundir", p_id=id, p_chave_idempotencia=chave, **argumentos(data))

    @get("/{id:uuid}/fusoes", **documento("api.contato_fusoes_listar", resumo="Listar os contatos juntados a este"))
    async def listar(self, id: FromPath[UUID], chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.contato_fusoes_listar", p_id=id, p_limite=limite, p_cursor=cursor)

    @post("/fusoes/{id:uuid}/separar", **documento("api.contato_separar", resumo="Desfazer: cada um volta a ser um"))
    async def separar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.contato_separar", p_fusao_id=id)

    @get("/sugestoes", **documento("api.sugestoes_listar", resumo="Listar pares que talvez sejam a mesma pessoa"))
    async def sugestoes(
        self,
        chamada: Chamada,
        contato_id: Annotated[UUID | None, QueryParameter(name="contatoId")] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista("api.sugestoes_listar", p_contato_id=contato_id, p_limite=limite, p_cursor=cursor)

    @post("/sugestoes/{id:uuid}/descartar", **documento("api.sugestao_descartar", resumo="Não são a mesma pessoa"))
    async def descartar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.sugestao_descartar", p_id=id)
