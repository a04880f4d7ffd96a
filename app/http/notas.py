"""What colleagues write inside a conversation, out of the customer's sight: notes, mentions, drafts."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.notas import NotaAtualizar, NotaCriar, RascunhoDefinir


class NotasDaConversa(Controller):
    path = "/api/conversas/{id:uuid}"
    tags = ["Notas e rascunhos"]  # noqa: RUF012

    @get("/notas", **documento("api.notas_listar", resumo="Listar notas internas, a mais nova primeiro"))
    async def listar(self, id: FromPath[UUID], chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.notas_listar", p_conversa_id=id, p_limite=limite, p_cursor=cursor)

    @post("/notas", **documento("api.nota_criar", status=201, resumo="Escrever uma nota interna"))
    async def criar(
        self, id: FromPath[UUID], data: JSONBody[NotaCriar], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await chamada.objeto("api.nota_criar", p_conversa_id=id, **argumentos(data), p_chave_idempotencia=chave)

    @post("/mencoes/ler", **documento("api.mencoes_ler", resumo="Marcar como lidas as menções a mim"))
    async def ler(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.mencoes_ler", p_conversa_id=id)

    @get("/rascunho", **documento("api.rascunho_obter", resumo="Obter meu rascunho"))
    async def rascunho(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.rascunho_obter", p_conversa_id=id)

    @put("/rascunho", **documento("api.rascunho_atualizar", resumo="Guardar meu rascunho"))
    async def guardar(self, id: FromPath[UUID], data: JSONBody[RascunhoDefinir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.rascunho_atualizar", p_conversa_id=id, **argumentos(data))

    @delete("/rascunho", **documento("api.rascunho_remover", resumo="Jogar fora meu rascunho"))
    async def descartar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.rascunho_remover", p_conversa_id=id)


class Notas(Controller):
    path = "/api/notas"
    tags = ["Notas e rascunhos"]  # noqa: RUF012

    @patch("/{id:uuid}", **documento("api.nota_atualizar", resumo="Mudar uma nota minha"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[NotaAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.nota_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.nota_remover", resumo="Remover uma nota minha"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.nota_remover", p_id=id, p_versao=versao)


class Mencoes(Controller):
    path = "/api/mencoes"
    tags = ["Notas e rascunhos"]  # noqa: RUF012

    @get("/", **documento("api.mencoes_listar", resumo="Listar menções a mim ainda não lidas"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.mencoes_listar", p_limite=limite, p_cursor=cursor)
