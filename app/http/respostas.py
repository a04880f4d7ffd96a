"""Canned replies: find by shortcut or by words, keep, and fill in for one conversation."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.respostas import Escopo, RespostaAtualizar, RespostaCriar, RespostaRenderizar, RespostaTestar

Busca = Annotated[str | None, QueryParameter(max_length=100, description="Palavras do atalho, do título ou do texto.")]


class RespostasRapidas(Controller):
    path = "/api/respostas-rapidas"
    tags = ["Respostas rápidas"]  # noqa: RUF012

    @get("/", **documento("api.respostas_rapidas_listar", resumo="Procurar respostas rápidas"))
    async def listar(
        self,
        chamada: Chamada,
        busca: Busca = None,
        escopo: Annotated[Escopo | None, QueryParameter()] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.respostas_rapidas_listar", p_busca=busca, p_escopo=escopo, p_limite=limite, p_cursor=cursor
        )

    @post("/", **documento("api.resposta_rapida_criar", status=201, resumo="Criar resposta rápida"))
    async def criar(self, data: JSONBody[RespostaCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.resposta_rapida_criar", **argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.resposta_rapida_obter", resumo="Obter resposta rápida"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.resposta_rapida_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.resposta_rapida_atualizar", resumo="Mudar resposta rápida"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[RespostaAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.resposta_rapida_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.resposta_rapida_remover", resumo="Remover resposta rápida"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.resposta_rapida_remover", p_id=id, p_versao=versao)

    @post("/testar", **documento("api.resposta_rapida_testar", resumo="Ver um texto preenchido, sem conversa"))
    async def testar(self, data: JSONBody[RespostaTestar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.resposta_rapida_testar", **argumentos(data))

    @post("/{id:uuid}/renderizar", **documento("api.resposta_rapida_renderizar", resumo="Preencher para uma conversa"))
    async def renderizar(self, id: FromPath[UUID], data: JSONBody[RespostaRenderizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.resposta_rapida_renderizar", p_id=id, **argumentos(data))
