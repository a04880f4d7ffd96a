"""Access profiles and the catalogue of permissions."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.identidade import PerfilAtualizar, PerfilCriar


@get("/api/permissoes", tags=["Perfis"], **documento("api.permissoes_listar", resumo="Permissões que existem"))
async def permissoes(chamada: Chamada) -> Json:
    return await chamada.lista("api.permissoes_listar")


class Perfis(Controller):
    path = "/api/perfis"
    tags = ["Perfis"]  # noqa: RUF012

    @get("/", **documento("api.perfis_listar", resumo="Listar perfis"))
    async def listar(self, chamada: Chamada, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.perfis_listar", p_limite=limite, p_cursor=cursor)

    @get("/{id:uuid}", **documento("api.perfil_obter", resumo="Ver um perfil"))
    async def obter(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.perfil_obter", p_id=id)

    @post("/", **documento("api.perfil_criar", status=201, resumo="Criar um perfil"))
    async def criar(self, chamada: Chamada, data: JSONBody[PerfilCriar], chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.perfil_criar", **argumentos(data), p_chave_idempotencia=chave)

    @patch("/{id:uuid}", **documento("api.perfil_atualizar", resumo="Mudar um perfil próprio"))
    async def atualizar(self, chamada: Chamada, id: FromPath[UUID], data: JSONBody[PerfilAtualizar]) -> Json:
        return await chamada.objeto("api.perfil_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.perfil_remover", resumo="Remover um perfil próprio sem uso"))
    async def remover(self, chamada: Chamada, id: FromPath[UUID], versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.perfil_remover", p_id=id, p_versao=versao)
