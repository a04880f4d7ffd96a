"""Devices at UaiZap gateways: creating, pairing, disconnecting, and the address their events come to.

What the gateway says is asked between two calls to the database, so no transaction waits for it. QR images and pairing
codes pass through to the caller and are kept nowhere.
"""

from __future__ import annotations

import contextlib
import secrets
from uuid import UUID

import msgspec
import structlog
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from app.cifra import Cofre, hash_verificacao, novo_id
from app.credenciais import ConexaoAberta, CredenciaisMeta, CredenciaisUaizap, InstanciaAberta
from app.erros import Erro
from app.http.comum import Chamada, DaSessao, Json, Pedido, documento, objeto
from app.http.credencial import abrir_conexao
from app.provedores.uaizap_gestao import FalhaUaizap, InstanciaNova, Situacao, UaizapGestao, instancia_de
from app.tipos.conexoes import ConexaoAtualizar, ConexaoCriar, InstanciaCriar, Pareamento, Parear, WebhookTrocado

_registro = structlog.get_logger(__name__)


class _Teste(msgspec.Struct):
    conexao: msgspec.Raw


class _ComId(msgspec.Struct):
    id: UUID


class Pareado(msgspec.Struct, rename="camel"):
    """What to show to whoever holds the phone, and the connection as it is now."""

    qrcode: str | None
    codigo: str | None
    conexao: msgspec.Raw


class Trocado(msgspec.Struct, rename="camel"):
    """The new address of the webhook, to be shown once."""

    webhook_url: str
    conexao: msgspec.Raw


async def criar_instancia(
    data: ConexaoCriar, dada: InstanciaCriar, chamada: DaSessao, pedido: Pedido, chave: str | None
) -> Json:
    """A connection with a device that exists already, or, with the server's token, with one made for it."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    cofre: Cofre = pedido.app.state.cofre
    url_base = gestao.normalizar(dada.url_base)
    # who may not create a connection must not make the server create a device
    await chamada.objeto("api.instancia_preparar")
    nova = await _nova(gestao, url_base, dada, dada.nome or data.nome)
    token = nova.token if nova else dada.token or ""
    conexao_id, segredo = novo_id(), secrets.token_urlsafe(32)
    guardadas = CredenciaisUaizap(token, dada.admin_token)
    try:
        criada = await chamada.ler(
            "api.instancia_criar",
            msgspec.Raw,
            p_id=conexao_id,
            p_nome=data.nome,
            p_canal=data.canal,
            p_url_base=url_base,
            p_instancia=nova.nome if nova else dada.nome or data.nome,
            p_administrada=dada.admin_token is not None,
            p_credenciais=cofre.selar(msgspec.json.encode(guardadas), chamada.cliente_id, conexao_id),
            p_segredo_hash=hash_verificacao(segredo),
            p_chave_idempotencia=chave,
        )
    except Erro:
        await _desfazer(gestao, url_base, nova)
        raise
    if msgspec.json.decode(criada, type=_ComId).id != conexao_id:
        # the same request again: its first answer stands, and so does the device of then
        await _desfazer(gestao, url_base, nova)
        return objeto(bytes(criada), 201)
    aberta = ConexaoAberta(
        conexao_id, "UAIZAP", 1, "", "", CredenciaisMeta(""), InstanciaAberta(url_base, "", None, guardadas)
    )
    try:
        pronta = await _anunciar(chamada, pedido, aberta, segredo)
    except FalhaUaizap:
        # the connection exists; `webhookEm` tells that the address still has to be set
        return objeto(bytes(criada), 201)
    return objeto(bytes(pronta), 201)


async def _nova(gestao: UaizapGestao, url_base: str, dada: InstanciaCriar, nome: str) -> InstanciaNova | None:
    if dada.token is not None:
        return None
    if dada.admin_token is None:
        raise Erro(
            422,
            "ZRX18",
            "informe o token da instância ou o token de administração do servidor",
            campo="instancia.token",
        )
    return await gestao.criar_instancia(url_base, dada.admin_token, nome)


async def _desfazer(gestao: UaizapGestao, url_base: str, nova: InstanciaNova | None) -> None:
    if nova is not None:
        with contextlib.suppress(FalhaUaizap):
            await gestao.apagar_instancia(url_base, nova.token)


async def _anunciar(chamada: DaSessao, pedido: Pedido, conexao: ConexaoAberta, segredo: str) -> msgspec.Raw:
    """Tell the gateway where its events go, and the database that it knows."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    await gestao.definir_webhook(conexao, endereco_do_webhook(pedido, conexao.id, segredo))
    return await chamada.ler(
        "api.instancia_webhook_concluir", msgspec.Raw, p_id=conexao.id, p_segredo_hash=hash_verificacao(segredo)
    )


def endereco_do_webhook(pedido: Pedido, conexao_id: UUID, segredo: str) -> str:
    return f"{pedido.app.state.config.url_publica}/webhooks/uaizap/{conexao_id}/{segredo}"


async def atualizar_instancia(id_: UUID, data: ConexaoAtualizar, chamada: DaSessao, pedido: Pedido) -> Json:
    """Change what is said of the device; the rest stays."""
    cofre: Cofre = pedido.app.state.cofre
    gestao: UaizapGestao = pedido.app.state.uaizap
    atual = await abrir_conexao(chamada, cofre, "api.conexao_credencial_obter", p_id=id_)
    alvo, mudada = instancia_de(atual), data.instancia
    if mudada is None:
        raise FalhaUaizap(422, "ZRX06", "esta conexão não é de um aparelho UaiZap")
    novas = CredenciaisUaizap(
        mudada.token or alvo.credenciais.token, mudada.admin_token or alvo.credenciais.admin_token
    )
    return await chamada.objeto(
        "api.instancia_atualizar",
        p_id=id_,
        # what was merged is this version: another change in between must not be lost
        p_versao=data.versao or atual.versao,
        p_nome=data.nome,
        p_url_base=gestao.normalizar(mudada.url_base) if mudada.url_base else None,
        p_instancia=mudada.nome,
        p_administrada=novas.admin_token is not None,
        p_credenciais=cofre.selar(msgspec.json.encode(novas), chamada.cliente_id, id_),
        p_reabertura=data.reabertura,
        p_reabertura_horas=data.reabertura_horas,
    )


async def remover_instancia(id_: UUID, versao: int | None, chamada: DaSessao, pedido: Pedido) -> Json:
    """Remove the connection; a device that we had made goes from its server, another one is disconnected there."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    aberta: ConexaoAberta | None = None
    with contextlib.suppress(Erro):  # what cannot be opened can still be removed here
        aberta = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    resposta = await chamada.objeto("api.conexao_remover", p_id=id_, p_versao=versao)
    if aberta is not None and aberta.instancia is not None:
        try:
            if aberta.instancia.credenciais.admin_token:
                await gestao.apagar_instancia(aberta.instancia.url_base, aberta.instancia.credenciais.token)
            else:
                await gestao.desconectar(aberta)
        except FalhaUaizap as falha:
            _registro.warning("aparelho_ficou_no_servidor", conexao=str(id_), codigo=falha.codigo)
    return resposta


async def testar_instancia(conexao: ConexaoAberta, chamada: DaSessao, pedido: Pedido) -> Json:
    """Ask the gateway for the state of the device; what it refuses is told with our code for it."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    try:
        situacao = await gestao.consultar(conexao)
    except FalhaUaizap as falha:
        return await chamada.objeto(
            "api.conexao_teste_concluir",
            p_id=conexao.id,
            p_versao=conexao.versao,
            p_aprovado=False,
            p_codigo=falha.codigo_provedor,
            p_motivo=falha.corpo.mensagem,
        )
    return objeto(bytes(await _registrar(chamada, conexao.id, situacao)))


async def _registrar(chamada: DaSessao, id_: UUID, situacao: Situacao) -> msgspec.Raw:
    return await chamada.ler(
        "api.instancia_teste_concluir",
        msgspec.Raw,
        p_id=id_,
        p_status=situacao.estado,
        p_motivo=situacao.motivo,
        p_numero=situacao.numero,
        p_jid=situacao.jid,
    )


async def _pareado(chamada: DaSessao, id_: UUID, situacao: Situacao) -> Pareado:
    teste = msgspec.json.decode(await _registrar(chamada, id_, situacao), type=_Teste)
    return Pareado(situacao.qrcode, situacao.codigo, teste.conexao)


async def parear_instancia(id_: UUID, telefone: str | None, chamada: DaSessao, pedido: Pedido) -> Pareado:
    """Begin to pair: an image to scan or, for a phone, a code to type there."""
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    return await _pareado(chamada, id_, await pedido.app.state.uaizap.conectar(conexao, telefone))


async def ver_pareamento(id_: UUID, chamada: DaSessao, pedido: Pedido) -> Pareado:
    """How the pairing is going: the image changes about every 20 s."""
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    return await _pareado(chamada, id_, await pedido.app.state.uaizap.consultar(conexao))


async def desconectar_instancia(id_: UUID, chamada: DaSessao, pedido: Pedido) -> Json:
    """The session ends: a new pairing is needed to send again."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    await gestao.desconectar(conexao)
    return objeto(bytes(await _registrar(chamada, id_, await gestao.consultar(conexao))))


async def reiniciar_instancia(id_: UUID, chamada: DaSessao, pedido: Pedido) -> Json:
    """Reconnect without losing the session."""
    gestao: UaizapGestao = pedido.app.state.uaizap
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    await gestao.reiniciar(conexao)
    return objeto(bytes(await _registrar(chamada, id_, await gestao.consultar(conexao))))


async def trocar_segredo(id_: UUID, chamada: DaSessao, pedido: Pedido) -> Trocado:
    """A new address for the events. The old one is good until the gateway has the new one."""
    segredo = secrets.token_urlsafe(32)
    conexao = await abrir_conexao(chamada, pedido.app.state.cofre, "api.conexao_credencial_obter", p_id=id_)
    await chamada.objeto("api.instancia_segredo_trocar", p_id=id_, p_segredo_hash=hash_verificacao(segredo))
    pronta = await _anunciar(chamada, pedido, conexao, segredo)
    return Trocado(endereco_do_webhook(pedido, id_, segredo), pronta)


class Instancias(Controller):
    path = "/api/conexoes/{id:uuid}"
    tags = ["Conexões"]  # noqa: RUF012

    @post("/parear", **documento(tipo=Pareamento, resumo="Começar a conectar o aparelho"))
    async def parear(self, id: FromPath[UUID], data: JSONBody[Parear], chamada: Chamada, request: Pedido) -> Json:
        """Without a phone the answer has an image to scan; with one, a code to type on it."""
        return objeto(msgspec.json.encode(await parear_instancia(id, data.telefone, chamada, request)))

    @get("/pareamento", **documento(tipo=Pareamento, resumo="Como vai a conexão do aparelho"))
    async def pareamento(self, id: FromPath[UUID], chamada: Chamada, request: Pedido) -> Json:
        """To be asked every few seconds while somebody pairs: the image changes about every 20 s."""
        return objeto(msgspec.json.encode(await ver_pareamento(id, chamada, request)))

    @post("/desconectar", **documento("api.instancia_teste_concluir", resumo="Desconectar o aparelho"))
    async def desconectar(self, id: FromPath[UUID], chamada: Chamada, request: Pedido) -> Json:
        """The session ends: a new pairing is needed to send again."""
        return await desconectar_instancia(id, chamada, request)

    @post("/reiniciar", **documento("api.instancia_teste_concluir", resumo="Reiniciar o aparelho sem desconectar"))
    async def reiniciar(self, id: FromPath[UUID], chamada: Chamada, request: Pedido) -> Json:
        return await reiniciar_instancia(id, chamada, request)

    @post("/webhook", **documento(tipo=WebhookTrocado, resumo="Trocar o segredo do endereço do webhook"))
    async def trocar_webhook(self, id: FromPath[UUID], chamada: Chamada, request: Pedido) -> Json:
        """The address is shown this once. The old one is good until the gateway has the new one."""
        return objeto(msgspec.json.encode(await trocar_segredo(id, chamada, request)))
