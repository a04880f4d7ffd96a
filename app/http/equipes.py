"""Teams and their members."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.identidade import EquipeAtualizar, EquipeCriar


class Equipes(Controller):
    path = "/api/equipes"
    tags = ["Equipes"]  # noqa: RUF012

    @get("/", **documento("api.equipes_listar", resumo="Listar equipes"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.equipes_listar", p_limite=limite, p_cursor=cursor)

    @get("/{id:uuid}", **documento("api.equipe_obter", resumo="Ver uma equipe"))
    async def obter(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.equipe_obter", p_id=id)

    @post("/", **documento("api.equipe_criar", status=201, resumo="Criar uma equipe"))
    async def criar(self, chamada: Chamada, data: JSONBody[EquipeCriar], chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.equipe_criar", **argumentos(data), p_chave_idempotencia=chave)

    @patch("/{id:uuid}", **documento("api.equipe_atualizar", resumo="Mudar uma equipe"))
    async def atualizar(self, chamada: Chamada, id: FromPath[UUID], data: JSONBody[EquipeAtualizar]) -> Json:
        return await chamada.objeto("api.equipe_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.equipe_remover", resumo="Remover uma equipe sem uso"))
    async def remover(self, chamada: Chamada, id: FromPath[UUID], versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.equipe_remover", p_id=id, p_versao=versao)
