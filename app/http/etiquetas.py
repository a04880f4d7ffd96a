"""Tags of contacts."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.contatos import EtiquetaAtualizar, EtiquetaCriar


class Etiquetas(Controller):
    path = "/api/etiquetas"
    tags = ["Etiquetas"]  # noqa: RUF012

    @get("/", **documento("api.etiquetas_listar", resumo="Listar etiquetas"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.etiquetas_listar", p_limite=limite, p_cursor=cursor)

    @post("/", **documento("api.etiqueta_criar", status=201, resumo="Criar etiqueta"))
    async def criar(self, data: JSONBody[EtiquetaCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.etiqueta_criar", **argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.etiqueta_obter", resumo="Obter etiqueta"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.etiqueta_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.etiqueta_atualizar", resumo="Mudar nome ou cor"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[EtiquetaAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.etiqueta_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.etiqueta_remover", resumo="Remover etiqueta de todos os contatos"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.etiqueta_remover", p_id=id, p_versao=versao)
