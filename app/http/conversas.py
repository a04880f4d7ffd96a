"""Conversations and their messages: follow, answer, undo, resend, read; and messages scheduled for later."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, patch, post
from litestar.di import Provide
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from app.http.comum import Chamada, ChaveIdempotencia, Cursor, Json, Limite, VersaoLida, argumentos, documento
from app.http.listas import DO_TEXTO, CursorDaLista, Filtros, OrdemPedida, dar_filtros
from app.tipos.conversas import (
    AgendadaAtualizar,
    AgendadaCriar,
    ConversaIniciar,
    EstadoAgendada,
    MensagemEnviar,
)

_APOS = "Só as mais novas que esta mensagem, da mais antiga para a mais recente."
_EM_TORNO = "A página com esta mensagem no meio: para trás segue o cursor; para a frente, `apos` da mais nova."
ContatoId = Annotated[UUID | None, QueryParameter(name="contatoId")]


def argumentos_da_mensagem(data: MensagemEnviar | ConversaIniciar | AgendadaCriar) -> dict[str, object]:
    """The named arguments of a body whose content goes to the database as it came."""
    return {**argumentos(data), "p_conteudo": msgspec.Raw(msgspec.json.encode(data.conteudo))}


class Conversas(Controller):
    path = "/api/conversas"
    tags = ["Conversas"]  # noqa: RUF012
    dependencies = {"filtros": Provide(dar_filtros, sync_to_thread=False)}  # noqa: RUF012

    @get("/", **documento("api.conversas_listar", resumo="Listar a caixa de entrada", campos=DO_TEXTO))
    async def listar(
        self,
        filtros: Filtros,
        chamada: Chamada,
        ordem: OrdemPedida = None,
        limite: Limite = None,
        cursor: CursorDaLista = None,
    ) -> Json:
        return await chamada.lista(
            "api.conversas_listar", p_filtros=filtros, p_ordem=ordem, p_limite=limite, p_cursor=cursor
        )

    @get(
        "/contagem",
        **documento("api.conversas_contar", resumo="Contar por aba e por status, até 1000", campos=DO_TEXTO),
    )
    async def contar(self, filtros: Filtros, chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversas_contar", p_filtros=filtros)

    @get("/atuais", **documento("api.conversas_obter", resumo="Reler conversas da lista", campos=DO_TEXTO))
    async def atuais(
        self,
        filtros: Filtros,
        chamada: Chamada,
        ids: Annotated[list[UUID], QueryParameter(name="id", min_items=1, max_items=200)],
    ) -> Json:
        return await chamada.objeto("api.conversas_obter", p_ids=ids, p_filtros=filtros)

    @get("/opcoes", **documento("api.conversas_opcoes_obter", resumo="O que se pode escolher em filtros e atos"))
    async def opcoes(self, chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversas_opcoes_obter")

    @post("/", **documento("api.conversa_iniciar", status=201, resumo="Escrever a um contato por um número"))
    async def iniciar(self, data: JSONBody[ConversaIniciar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        resposta = await chamada.objeto(
            "api.conversa_iniciar", **argumentos_da_mensagem(data), p_chave_idempotencia=chave
        )
        return await chamada.urgente("ENVIO", resposta)

    @get("/proprias", **documento("api.conversas_proprias_obter", resumo="Obter meus rascunhos e minhas menções"))
    async def proprias(self, filtros: Filtros, chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversas_proprias_obter", p_filtros=filtros)

    @get("/{id:uuid}/propria", **documento("api.conversa_propria_obter", resumo="Obter o que é meu numa conversa"))
    async def propria(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_propria_obter", p_id=id)

    @get("/{id:uuid}", **documento("api.conversa_obter", resumo="Obter conversa"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_obter", p_id=id)

    @get("/{id:uuid}/variaveis", **documento("api.conversa_variaveis_obter", resumo="O que as variáveis valem aqui"))
    async def variaveis(
        self, id: FromPath[UUID], chamada: Chamada, busca: Annotated[str | None, QueryParameter(max_length=100)] = None
    ) -> Json:
        return await chamada.objeto("api.conversa_variaveis_obter", p_conversa_id=id, p_busca=busca)

    @post("/{id:uuid}/ler", **documento("api.conversa_ler", resumo="Marcar como lida"))
    async def ler(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.urgente("BORDA", await chamada.objeto("api.conversa_ler", p_id=id))

    @post("/{id:uuid}/digitar", **documento("api.conversa_digitar", resumo="Mostrar que alguém digita"))
    async def digitar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conversa_digitar", p_id=id)

    @get("/{id:uuid}/mensagens", **documento("api.mensagens_listar", resumo="Listar mensagens, a mais nova primeiro"))
    async def mensagens(
        self,
        id: FromPath[UUID],
        chamada: Chamada,
        apos: Annotated[UUID | None, QueryParameter(description=_APOS)] = None,
        em_torno_de: Annotated[UUID | None, QueryParameter(name="emTornoDe", description=_EM_TORNO)] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.mensagens_listar",
            p_conversa_id=id,
            p_limite=limite,
            p_cursor=cursor,
            p_apos=apos,
            p_em_torno_de=em_torno_de,
        )

    @post("/{id:uuid}/mensagens", **documento("api.mensagem_enviar", status=201, resumo="Enviar mensagem"))
    async def enviar(
        self,
        id: FromPath[UUID],
        data: JSONBody[MensagemEnviar],
        chamada: Chamada,
        chave: ChaveIdempotencia = None,
    ) -> Json:
        resposta = await chamada.objeto(
            "api.mensagem_enviar", p_conversa_id=id, **argumentos_da_mensagem(data), p_chave_idempotencia=chave
        )
        return await chamada.urgente("ENVIO", resposta)


class Mensagens(Controller):
    path = "/api/mensagens"
    tags = ["Mensagens"]  # noqa: RUF012

    @get("/{id:uuid}", **documento("api.mensagem_obter", resumo="Obter mensagem"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.mensagem_obter", p_id=id)

    @post("/{id:uuid}/cancelar", **documento("api.mensagem_cancelar", resumo="Desfazer antes que saia"))
    async def cancelar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.mensagem_cancelar", p_id=id)

    @post("/{id:uuid}/reenviar", **documento("api.mensagem_reenviar", resumo="Reenviar o que falhou e pode ir"))
    async def reenviar(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.urgente("ENVIO", await chamada.objeto("api.mensagem_reenviar", p_id=id))


class Agendadas(Controller):
    path = "/api/agendadas"
    tags = ["Mensagens agendadas"]  # noqa: RUF012

    @get("/", **documento("api.agendadas_listar", resumo="Listar mensagens agendadas"))
    async def listar(
        self,
        chamada: Chamada,
        status: Annotated[EstadoAgendada | None, QueryParameter()] = None,
        contato_id: ContatoId = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista(
            "api.agendadas_listar", p_status=status, p_contato_id=contato_id, p_limite=limite, p_cursor=cursor
        )

    @post("/", **documento("api.agendada_criar", status=201, resumo="Agendar mensagem"))
    async def criar(self, data: JSONBody[AgendadaCriar], chamada: Chamada, chave: ChaveIdempotencia = None) -> Json:
        return await chamada.objeto("api.agendada_criar", **argumentos_da_mensagem(data), p_chave_idempotencia=chave)

    @get("/{id:uuid}", **documento("api.agendada_obter", resumo="Obter mensagem agendada"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.agendada_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.agendada_atualizar", resumo="Mudar mensagem agendada"))
    async def atualizar(self, id: FromPath[UUID], data: JSONBody[AgendadaAtualizar], chamada: Chamada) -> Json:
        valores = argumentos(data)
        valores["p_conteudo"] = None if data.conteudo is None else msgspec.Raw(msgspec.json.encode(data.conteudo))
        valores["p_ate"] = None if data.ate is UNSET else data.ate
        return await chamada.objeto(
            "api.agendada_atualizar", p_id=id, **valores, p_limpar=["ate"] if data.ate is None else []
        )

    @post("/{id:uuid}/cancelar", **documento("api.agendada_cancelar", resumo="Cancelar mensagem agendada"))
    async def cancelar(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.agendada_cancelar", p_id=id, p_versao=versao)
