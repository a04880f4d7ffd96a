"""Users of a tenant."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app import senhas
from app.http import convites
from app.http.comum import (
    Chamada,
    ChaveIdempotencia,
    Cursor,
    Json,
    Limite,
    Pedido,
    VersaoLida,
    argumentos,
    documento,
    objeto,
)
from app.tipos.identidade import ConviteCriado, UsuarioAtualizar, UsuarioConvidar, UsuarioCriar

Para = Annotated[
    UUID | None,
    QueryParameter(name="paraId", description="Quem recebe as conversas abertas; ausente, voltam às filas."),
]
Ativo = Annotated[bool | None, QueryParameter(name="ativo", description="Só os ativos ou só os desativados.")]


class Usuarios(Controller):
    path = "/api/usuarios"
    tags = ["Usuários"]  # noqa: RUF012

    @get("/", **documento("api.usuarios_listar", resumo="Listar usuários"))
    async def listar(self, chamada: Chamada, ativo: Ativo = None, limite: Limite = None, cursor: Cursor = None) -> Json:
        return await chamada.lista("api.usuarios_listar", p_ativo=ativo, p_limite=limite, p_cursor=cursor)

    @get("/{id:uuid}", **documento("api.usuario_obter", resumo="Ver um usuário"))
    async def obter(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.usuario_obter", p_id=id)

    @post("/", **documento("api.usuario_criar", status=201, resumo="Criar um usuário"))
    async def criar(self, chamada: Chamada, data: JSONBody[UsuarioCriar], chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto(
            "api.usuario_criar",
            p_nome=data.nome,
            p_email=data.email,
            p_perfil_id=data.perfil_id,
            p_senha_hash=await senhas.gerar(data.senha),
            p_chave_idempotencia=chave,
        )

    @patch("/{id:uuid}", **documento("api.usuario_atualizar", resumo="Mudar um usuário"))
    async def atualizar(self, chamada: Chamada, id: FromPath[UUID], data: JSONBody[UsuarioAtualizar]) -> Json:
        senha: Any = data.senha and await senhas.gerar(data.senha)
        return await chamada.objeto(
            "api.usuario_atualizar",
            p_id=id,
            p_nome=data.nome,
            p_email=data.email,
            p_perfil_id=data.perfil_id,
            p_senha_hash=senha,
            p_equipe_ids=data.equipe_ids,
            p_versao=data.versao,
        )

    @post("/{id:uuid}/desativar", **documento("api.usuario_desativar", resumo="Desativar e encerrar suas sessões"))
    async def desativar(
        self, chamada: Chamada, id: FromPath[UUID], versao: VersaoLida = None, para: Para = None
    ) -> Json:
        return await chamada.objeto("api.usuario_desativar", p_id=id, p_versao=versao, p_para_id=para)

    @get(
        "/{id:uuid}/conversas",
        **documento("api.usuario_conversas_contar", resumo="Quantas conversas abertas um usuário atende"),
    )
    async def conversas(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.usuario_conversas_contar", p_id=id)

    @post("/convidar", **documento(tipo=ConviteCriado, status=201, resumo="Criar quem define a própria senha"))
    async def convidar(self, request: Pedido, chamada: Chamada, data: JSONBody[UsuarioConvidar]) -> Json:
        return objeto(msgspec.json.encode(await convites.convidar(request, chamada, **argumentos(data))))

    @post(
        "/{id:uuid}/convite",
        **documento(tipo=ConviteCriado, status=201, resumo="Novo link para definir a senha; o anterior deixa de valer"),
    )
    async def convite(self, request: Pedido, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return objeto(msgspec.json.encode(await convites.renovar(request, chamada, id)))

    @delete(
        "/{id:uuid}/fator",
        **documento("api.usuario_fator_remover", status=200, resumo="Tirar o segundo fator de quem perdeu o aparelho"),
    )
    async def tirar_fator(self, chamada: Chamada, id: FromPath[UUID]) -> Json:
        return await chamada.objeto("api.usuario_fator_remover", p_id=id)

    @post("/{id:uuid}/ativar", **documento("api.usuario_ativar", resumo="Reativar um usuário"))
    async def ativar(self, chamada: Chamada, id: FromPath[UUID], versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.usuario_ativar", p_id=id, p_versao=versao)
