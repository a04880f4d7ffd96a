"""Connections: create, rotate credentials, test, switch on and off, remove."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app import credenciais
from app.cifra import Cofre, novo_id
from app.credenciais import CredenciaisMeta
from app.erros import Erro
from app.http.comum import Chamada, ChaveIdempotencia, Cursor, DaSessao, Json, Limite, Pedido, VersaoLida, documento
from app.http.credencial import abrir_conexao
from app.http.instancias import atualizar_instancia, criar_instancia, remover_instancia, testar_instancia
from app.provedores.meta_gestao import FalhaMeta, MetaGestao
from app.telefone import normalizar
from app.tipos.conexoes import ConexaoAtualizar, ConexaoCriar, ConexaoStatus, Credenciais, CredenciaisTrocar
from app.tipos.conversas import MensagemTestar


class Conexoes(Controller):
    path = "/api/conexoes"
    tags = ["Conexões"]  # noqa: RUF012

    @get("/", **documento("api.conexoes_listar", resumo="Listar conexões"))
    async def listar(
        self,
        chamada: Chamada,
        status: Annotated[ConexaoStatus | None, QueryParameter()] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista("api.conexoes_listar", p_status=status, p_limite=limite, p_cursor=cursor)

    @post("/", **documento("api.conexao_criar", status=201, resumo="Conectar um número"))
    async def criar(
        self, data: JSONBody[ConexaoCriar], chamada: Chamada, request: Pedido, chave: ChaveIdempotencia = None
    ) -> Json:
        return await criar_conexao(data, chamada, request, chave)

    @get("/saude", **documento("api.conexoes_saude_listar", resumo="Como está cada número, por que e desde quando"))
    async def listar_saude(
        self,
        chamada: Chamada,
        status: Annotated[ConexaoStatus | None, QueryParameter()] = None,
        limite: Limite = None,
        cursor: Cursor = None,
    ) -> Json:
        return await chamada.lista("api.conexoes_saude_listar", p_status=status, p_limite=limite, p_cursor=cursor)

    @get("/{id:uuid}", **documento("api.conexao_obter", resumo="Obter conexão"))
    async def obter(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conexao_obter", p_id=id)

    @get("/{id:uuid}/saude", **documento("api.conexao_saude_obter", resumo="Como está o número"))
    async def saude(self, id: FromPath[UUID], chamada: Chamada) -> Json:
        return await chamada.objeto("api.conexao_saude_obter", p_id=id)

    @patch("/{id:uuid}", **documento("api.conexao_atualizar", resumo="Mudar nome, teto, reabertura ou credenciais"))
    async def atualizar(
        self, id: FromPath[UUID], data: JSONBody[ConexaoAtualizar], chamada: Chamada, request: Pedido
    ) -> Json:
        return await atualizar_conexao(id, data, chamada, request)

    @post("/{id:uuid}/testar", **documento("api.conexao_teste_concluir", resumo="Testar com o provedor"))
    async def testar(self, id: FromPath[UUID], chamada: Chamada, request: Pedido) -> Json:
        return await testar_conexao(id, chamada, request)

    @post(
        "/{id:uuid}/mensagem-de-teste",
        **documento("api.conexao_mensagem_testar", status=201, resumo="Mandar uma mensagem de teste"),
    )
    async def mandar_teste(
        self, id: FromPath[UUID], data: JSONBody[MensagemTestar], chamada: Chamada, chave: ChaveIdempotencia = None
    ) -> Json:
        return await mandar_teste(id, data, chamada, chave)

    @post("/{id:uuid}/ativar", **documento("api.conexao_ativar", resumo="Ativar"))
    async def ativar(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.conexao_ativar", p_id=id, p_versao=versao)

    @post("/{id:uuid}/desativar", **documento("api.conexao_desativar", resumo="Desativar"))
    async def desativar(self, id: FromPath[UUID], chamada: Chamada, versao: VersaoLida = None) -> Json:
        return await chamada.objeto("api.conexao_desativar", p_id=id, p_versao=versao)

    @delete("/{id:uuid}", **documento("api.conexao_remover", resumo="Remover"))
    async def remover(self, id: FromPath[UUID], chamada: Chamada, request: Pedido, versao: VersaoLida = None) -> Json:
        return await remover_instancia(id, versao, chamada, request)


async def criar_conexao(data: ConexaoCriar, chamada: DaSessao, pedido: Pedido, chave: str | None) -> Json:
    """A connection with a number of the Cloud API or with a device; the page and the API make them here."""
    if data.instancia is not None:
        return await criar_instancia(data, data.instancia, chamada, pedido, chave)
    if data.credenciais is None:
        raise Erro(422, "ZRX04", "informe phoneNumberId e wabaId", campo="credenciais")
    # the ciphertext is bound to tenant and row, so the id of the row is made here
    conexao_id = novo_id()
    dadas = data.credenciais
    return await chamada.objeto(
        "api.conexao_criar",
        p_id=conexao_id,
        p_nome=data.nome,
        p_canal=data.canal,
        p_provedor=data.provedor,
        p_numero_id_externo=dadas.phone_number_id,
        p_conta_id_externa=dadas.waba_id,
        p_teto_por_segundo=data.teto_por_segundo,
        p_chave_idempotencia=chave,
        **credenciais.argumentos(pedido.app.state.cofre, _segredos(dadas), chamada.cliente_id, conexao_id),
    )


async def atualizar_conexao(id_: UUID, data: ConexaoAtualizar, chamada: DaSessao, pedido: Pedido) -> Json:
    """Change what is said of a connection; what is absent stays."""
    if data.instancia is not None:
        return await atualizar_instancia(id_, data, chamada, pedido)
    versao, trocadas = await _trocar(id_, data, chamada, pedido.app.state.cofre)
    return await chamada.objeto(
        "api.conexao_atualizar",
        p_id=id_,
        p_versao=versao,
        p_nome=data.nome,
        p_teto_por_segundo=data.teto_por_segundo,
        p_reabertura=data.reabertura,
        p_reabertura_horas=data.reabertura_horas,
        **trocadas,
    )


async def mandar_teste(id_: UUID, data: MensagemTestar, chamada: DaSessao, chave: str | None) -> Json:
    """One message by this number, sent as any other."""
    resposta = await chamada.objeto(
        "api.conexao_mensagem_testar",
        p_id=id_,
        p_telefone=normalizar(data.telefone),
        p_tipo=data.tipo,
        p_conteudo=msgspec.Raw(msgspec.json.encode(data.conteudo)),
        p_chave_idempotencia=chave,
    )
    return await chamada.urgente("ENVIO", resposta)


async def testar_conexao(id_: UUID, chamada: DaSessao, pedido: Pedido) -> Json:
    """Ask the provider whether the credentials hold, and tell the database."""
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    if conexao.instancia is not None:
        return await testar_instancia(conexao, chamada, pedido)
    gestao: MetaGestao = pedido.app.state.gestao
    try:
        info = await gestao.ler_numero(conexao)
    except FalhaMeta as falha:
        return await chamada.objeto(
            "api.conexao_teste_concluir",
            p_id=id_,
            p_versao=conexao.versao,
            p_aprovado=False,
            p_codigo=falha.codigo_provedor,
            p_motivo=falha.corpo.mensagem,
        )
    return await chamada.objeto(
        "api.conexao_teste_concluir",
        p_id=id_,
        p_versao=conexao.versao,
        p_aprovado=True,
        p_numero_exibicao=info.display_phone_number,
        p_qualidade=info.quality_rating,
    )


async def _trocar(
    id_: UUID, data: ConexaoAtualizar, chamada: DaSessao, cofre: Cofre
) -> tuple[int | None, dict[str, object]]:
    """The credentials to store, and the version that they were made from."""
    novas = data.credenciais
    if novas is None:
        return data.versao, {}
    versao = data.versao
    if not _completas(novas):
        atual = await abrir_conexao(chamada, cofre, "api.conexao_credencial_obter", p_id=id_)
        # what was merged is this version: another rotation in between must not be lost
        versao = versao or atual.versao
        novas = _juntar(novas, atual.credenciais)
    return versao, {
        "p_numero_id_externo": novas.phone_number_id,
        "p_conta_id_externa": novas.waba_id,
        **credenciais.argumentos(cofre, _segredos(novas), chamada.cliente_id, id_),
    }


def _completas(dadas: CredenciaisTrocar) -> bool:
    return None not in (dadas.access_token, dadas.app_secret, dadas.verify_token)


def _juntar(dadas: CredenciaisTrocar, atuais: CredenciaisMeta) -> CredenciaisTrocar:
    return CredenciaisTrocar(
        dadas.phone_number_id,
        dadas.waba_id,
        dadas.access_token or atuais.access_token,
        dadas.app_secret or atuais.app_secret,
        dadas.verify_token or atuais.verify_token,
    )


def _segredos(dadas: Credenciais | CredenciaisTrocar) -> CredenciaisMeta:
    return CredenciaisMeta(dadas.access_token or "", dadas.app_secret, dadas.verify_token)
