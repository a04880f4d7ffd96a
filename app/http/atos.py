"""What is done with a conversation: who serves it, its state, its tags, its history; and the reasons to resolve one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.tipos.atos import (
    Adiar,
    Alterar,
    Assumir,
    Atribuir,
    EmMassa,
    Etiquetar,
    Liberar,
    MotivoAtualizar,
    MotivoCriar,
    Priorizar,
    Reabrir,
    Resolver,
    Transferir,
)


class Atos(Controller):
    path = "/api/conversas"
    tags = ["Conversas"]  # noqa: RUF012

    @post("/{id:uuid}/assumir", **documento("api.conversa_assumir", resumo="Passar a atender"))
    async def assumir(self, id: FromPath[UUID], data: JSONBody[Assumir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_assumir", p_id=id, **argumentos(data))

    @post("/{id:uuid}/atribuir", **documento("api.conversa_atribuir", resumo="Dar a uma pessoa"))
    async def atribuir(self, id: FromPath[UUID], data: JSONBody[Atribuir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_atribuir", p_id=id, **argumentos(data))

    @post("/{id:uuid}/transferir", **documento("api.conversa_transferir", resumo="Transferir a equipe ou pessoa"))
    async def transferir(self, id: FromPath[UUID], data: JSONBody[Transferir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_transferir", p_id=id, **argumentos(data))

    @post("/{id:uuid}/liberar", **documento("api.conversa_liberar", resumo="Devolver à fila"))
    async def liberar(self, id: FromPath[UUID], data: JSONBody[Liberar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_liberar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/aguardar", **documento("api.conversa_aguardar", resumo="Esperar que a pessoa escreva"))
    async def aguardar(self, id: FromPath[UUID], data: JSONBody[Alterar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_aguardar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/adiar", **documento("api.conversa_adiar", resumo="Adiar até um instante"))
    async def adiar(self, id: FromPath[UUID], data: JSONBody[Adiar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_adiar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/resolver", **documento("api.conversa_resolver", resumo="Resolver, com o motivo"))
    async def resolver(self, id: FromPath[UUID], data: JSONBody[Resolver], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_resolver", p_id=id, **argumentos(data))

    @post("/{id:uuid}/reabrir", **documento("api.conversa_reabrir", resumo="Reabrir"))
    async def reabrir(self, id: FromPath[UUID], data: JSONBody[Reabrir], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_reabrir", p_id=id, **argumentos(data))

    @post("/{id:uuid}/desfazer", **documento("api.conversa_desfazer", resumo="Desfazer a última mudança"))
    async def desfazer(self, id: FromPath[UUID], data: JSONBody[Alterar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_desfazer", p_id=id, **argumentos(data))

    @post("/{id:uuid}/prioridade", **documento("api.conversa_priorizar", resumo="Mudar a prioridade"))
    async def priorizar(self, id: FromPath[UUID], data: JSONBody[Priorizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_priorizar", p_id=id, **argumentos(data))

    @post("/{id:uuid}/silenciar", **documento("api.conversa_silenciar", resumo="Deixar de ser avisado dela"))
    async def silenciar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_silenciar", p_id=id)

    @delete("/{id:uuid}/silenciar", **documento("api.conversa_silencio_desfazer", resumo="Voltar a ser avisado dela"))
    async def voltar_a_avisar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_silencio_desfazer", p_id=id)

    @post("/{id:uuid}/nao-lida", **documento("api.conversa_leitura_desfazer", resumo="Marcar como não lida"))
    async def nao_lida(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_leitura_desfazer", p_id=id)

    @post("/{id:uuid}/etiquetas", **documento("api.conversa_etiquetar", resumo="Pôr e tirar etiquetas"))
    async def etiquetar(self, id: FromPath[UUID], data: JSONBody[Etiquetar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_etiquetar", p_id=id, **argumentos(data))

    @post("/em-massa", **documento("api.conversas_atualizar", resumo="Fazer o mesmo com até 200 conversas"))
    async def em_massa(self, data: JSONBody[EmMassa], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.conversas_atualizar", **argumentos(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}/historico", **documento("api.conversa_historico_listar", resumo="O que aconteceu com a conversa"))
    async def historico(
        self, id: FromPath[UUID], chamada: Chamada, limite: Limite = None, cursor: Cursor = None
    ) -> Json:
        return await chamada.lista("api.conversa_historico_listar", p_conversa_id=id, p_limite=limite, p_cursor=cursor)


class Motivos(Controller):
    path = "/api/motivos-resolucao"
    tags = ["Motivos de resolução"]  # noqa: RUF012

    @get("/", **documento("api.motivos_listar", resumo="Listar motivos de resolução"))
    async def listar(
        self,
        chamada: Chamada,
        ativo: Annotated[bool | None, QueryParameter()] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista("api.motivos_listar", p_ativo=ativo, p_limite=limite, p_cursor=cursor)

    @post("/", **documento("api.motivo_criar", status=201, resumo="Criar motivo de resolução"))
    async def criar(self, data: JSONBody[MotivoCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.motivo_criar", **argumentos(data), p_chave_idempotencia=chave)

    @patch("/{id:uuid}", **documento("api.motivo_atualizar", resumo="Mudar nome, ativar ou desativar"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[MotivoAtualizar], chamada: Chamada) -> Json:
        return await chamada.objeto("api.motivo_atualizar", p_id=id, **argumentos(data))

    @delete("/{id:uuid}", **documento("api.motivo_remover", resumo="Remover motivo que nenhuma conversa tem"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.motivo_remover", p_id=id, p_versao=versao)
