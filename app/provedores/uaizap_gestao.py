"""Devices at a UaiZap gateway: creating, pairing, state, webhook, and finding a message by our own attempt id.

Nothing here runs inside a transaction and nothing is repeated: the caller decides. A QR image or pairing code passes
through to whoever asked and is kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import structlog

from app.credenciais import ConexaoAberta, InstanciaAberta
from app.erros import Erro
from app.provedores.uaizap_canal import CanalUaizap, EnderecoRecusado, NaoSaiu, Resposta, SemResposta

Estado = Literal["DESCONECTADA", "CONECTANDO", "CONECTADA", "HIBERNADA"]
ESTADOS: Final[dict[str, Estado]] = {
    "disconnected": "DESCONECTADA",
    "connecting": "CONECTANDO",
    "connected": "CONECTADA",
    "hibernated": "HIBERNADA",
}
EVENTOS: Final = ("connection", "messages", "messages_update")
_DIGITOS: Final = re.compile(r"([0-9]{5,30})")
_registro = structlog.get_logger(__name__)


class FalhaUaizap(Erro):
    """The gateway said no, or nothing. `codigo_provedor` is our number for what it said (`provedor_erros`)."""

    def __init__(
        self, status: int, codigo: str, mensagem: str, provedor: int | None = None, *, espera_s: int | None = None
    ) -> None:
        super().__init__(status, codigo, mensagem, espera_s=espera_s)
        self.codigo_provedor = provedor


class Situacao(msgspec.Struct, frozen=True):
    """What the gateway says of a device. CONECTADA only when it is connected and logged in."""

    estado: Estado
    motivo: str | None = None
    numero: str | None = None
    jid: str | None = None
    qrcode: str | None = None
    codigo: str | None = None


class InstanciaNova(msgspec.Struct, frozen=True):
    nome: str
    token: str


class MensagemAchada(msgspec.Struct, frozen=True, rename="camel"):
    """A message of ours that the gateway knows."""

    id_externo: str
    jid: str | None
    ocorrido_em: datetime


class UaizapGestao:
    """Management calls over the shared channel."""

    def __init__(self, canal: CanalUaizap) -> None:
        self._canal = canal

    def normalizar(self, url: str) -> str:
        """The origin to store for an address that somebody typed. Raises FalhaUaizap."""
        try:
            return self._canal.enderecos.normalizar(url)
        except EnderecoRecusado:
            raise _endereco() from None

    async def criar_instancia(self, url_base: str, admin_token: str, nome: str) -> InstanciaNova:
        """A new device on the server; its token is only shown now. Raises FalhaUaizap."""
        resposta = await self._pedir("POST", url_base, "/instance/create", {"name": nome}, admin=admin_token)
        instancia = resposta.objeto.get("instance")
        dentro = instancia if isinstance(instancia, dict) else {}
        token = resposta.objeto.get("token") or dentro.get("token")
        if not isinstance(token, str) or not token:
            raise _incompreensivel()
        return InstanciaNova(str(resposta.objeto.get("name") or dentro.get("name") or nome)[:100], token)

    async def apagar_instancia(self, url_base: str, token: str) -> None:
        """Remove the device from the server. Raises FalhaUaizap."""
        await self._pedir("DELETE", url_base, "/instance", token=token)

    async def conectar(self, conexao: ConexaoAberta, telefone: str | None) -> Situacao:
        """Begin to pair: an image to scan or, for a phone, a code to type there. Raises FalhaUaizap."""
        corpo = {"phone": telefone} if telefone else {}
        return _situacao(await self._da_instancia(conexao, "POST", "/instance/connect", corpo, ao_conectar=True))

    async def consultar(self, conexao: ConexaoAberta) -> Situacao:
        """The state of the device now. Raises FalhaUaizap."""
        return _situacao(await self._da_instancia(conexao, "GET", "/instance/status"))

    async def desconectar(self, conexao: ConexaoAberta) -> None:
        """End the session of the device: a new pairing is needed afterwards. Raises FalhaUaizap."""
        await self._da_instancia(conexao, "POST", "/instance/disconnect", {})

    async def reiniciar(self, conexao: ConexaoAberta) -> None:
        """Reconnect without losing the session. Raises FalhaUaizap."""
        await self._da_instancia(conexao, "POST", "/instance/reset", {})

    async def definir_webhook(self, conexao: ConexaoAberta, url: str) -> None:
        """Where events go. Our own sends are not excluded: their echo is the proof of sending. Raises FalhaUaizap."""
        corpo = {
            "url": url,
            "enabled": True,
            "events": list(EVENTOS),
            "excludeMessages": [],
            "addUrlEvents": False,
            "addUrlTypesMessages": False,
        }
        await self._da_instancia(conexao, "POST", "/webhook", corpo)

    async def achar(self, conexao: ConexaoAberta, tentativa_id: UUID) -> MensagemAchada | None:
        """The message that carries this attempt id, if the gateway has it. Raises FalhaUaizap."""
        corpo = {"track_id": str(tentativa_id), "limit": 10, "offset": 0}
        resposta = await self._da_instancia(conexao, "POST", "/message/find", corpo)
        mensagens = resposta.objeto.get("messages")
        if not isinstance(mensagens, list):
            raise _incompreensivel()
        nossas = [m for m in mensagens if isinstance(m, dict) and m.get("track_id") == str(tentativa_id)]
        return next((achada for m in nossas if (achada := _achada(m)) is not None), None)

    async def _da_instancia(
        self,
        conexao: ConexaoAberta,
        metodo: str,
        caminho: str,
        corpo: dict[str, Any] | None = None,
        *,
        ao_conectar: bool = False,
    ) -> Resposta:
        alvo = instancia_de(conexao)
        recusar = _recusa_ao_conectar if ao_conectar else _recusa
        return await self._pedir(
            metodo, alvo.url_base, caminho, corpo, token=alvo.credenciais.token, recusar=recusar, conexao=conexao
        )

    async def _pedir(
        self,
        metodo: str,
        url_base: str,
        caminho: str,
        corpo: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        admin: str | None = None,
        recusar: Callable[[Resposta], FalhaUaizap] | None = None,
        conexao: ConexaoAberta | None = None,
    ) -> Resposta:
        try:
            resposta = await self._canal.pedir(metodo, url_base, caminho, corpo, token=token, admin=admin)
        except EnderecoRecusado:
            raise _endereco() from None
        except NaoSaiu:
            raise FalhaUaizap(
                503, "ZTM04", "não foi possível alcançar o servidor UaiZap: confira o endereço", espera_s=5
            ) from None
        except (SemResposta, ValueError) as erro:
            _registro.warning("uaizap_sem_resposta", caminho=caminho, causa=str(erro)[:100])
            raise FalhaUaizap(
                503, "ZTM01", "o provedor não respondeu bem: tente de novo em instantes", espera_s=5
            ) from None
        if resposta.http < HTTPStatus.MULTIPLE_CHOICES:
            return resposta
        _registro.warning(
            "uaizap_recusou",
            caminho=caminho,
            http=resposta.http,
            texto=resposta.recusa[:200],
            conexao=str(conexao.id) if conexao else None,
        )
        raise (recusar or (_recusa_do_servidor if admin else _recusa))(resposta)


def instancia_de(conexao: ConexaoAberta) -> InstanciaAberta:
    """The device of a connection. Raises FalhaUaizap for a connection that has none."""
    if conexao.instancia is None:
        raise FalhaUaizap(422, "ZRX06", "esta conexão não é de um aparelho UaiZap")
    return conexao.instancia


def _situacao(resposta: Resposta) -> Situacao:
    instancia, status = resposta.objeto.get("instance"), resposta.objeto.get("status")
    if not isinstance(instancia, dict):
        raise _incompreensivel()
    dados = status if isinstance(status, dict) else resposta.objeto
    estado = ESTADOS.get(str(instancia.get("status")), "DESCONECTADA")
    if dados.get("connected") is True and dados.get("loggedIn") is True:
        estado = "CONECTADA"
    elif estado == "CONECTADA":
        # connected and not logged in: nothing can be sent yet
        estado = "CONECTANDO"
    jid = _jid(dados.get("jid"))
    dono = _DIGITOS.match(str(instancia.get("owner") or jid or ""))
    return Situacao(
        estado=estado,
        motivo=str(instancia.get("lastDisconnectReason") or "")[:200] or None,
        numero=dono.group(1) if dono else None,
        jid=jid,
        qrcode=_texto(instancia.get("qrcode")),
        codigo=_texto(instancia.get("paircode")),
    )


def _texto(valor: object) -> str | None:
    return valor if isinstance(valor, str) and valor else None


def _jid(valor: object) -> str | None:
    """A string in what live gateways send, an object in their specification, null before the first login."""
    if isinstance(valor, dict):
        usuario, aparelho, servidor = valor.get("user"), valor.get("device"), valor.get("server")
        return f"{usuario}:{aparelho}@{servidor}"[:160] if usuario else None
    return valor[:160] if isinstance(valor, str) and valor else None


def _achada(mensagem: dict[str, Any]) -> MensagemAchada | None:
    id_externo, quando = mensagem.get("messageid"), mensagem.get("messageTimestamp")
    if not isinstance(id_externo, str) or not id_externo or mensagem.get("status") == "failed":
        return None
    milissegundos = quando if isinstance(quando, int) else 0
    return MensagemAchada(
        id_externo=id_externo,
        jid=_texto(mensagem.get("chatid")),
        ocorrido_em=datetime.fromtimestamp(milissegundos / 1000, UTC) if milissegundos > 0 else datetime.now(UTC),
    )


def _recusa(resposta: Resposta) -> FalhaUaizap:
    texto = resposta.recusa.lower()
    match resposta.http:
        case 401 if "no active session" in texto:
            return FalhaUaizap(422, "ZRX07", "o aparelho está desconectado: conecte-o antes", 1402)
        case 401:
            return FalhaUaizap(422, "ZRX08", "o servidor UaiZap recusou o token desta instância: confira-o", 1401)
        case 403:
            return FalhaUaizap(422, "ZRX09", "o servidor UaiZap não permite esta ação", 1403)
        case 404:
            return FalhaUaizap(422, "ZRX10", "a instância não existe mais no servidor UaiZap", 1404)
        case 405 | 501:
            return FalhaUaizap(422, "ZRX11", "este servidor UaiZap não tem este recurso", 1405)
        case 409:
            return FalhaUaizap(409, "ZCX09", "a instância está ocupada: tente de novo em instantes", 1409)
        case 429:
            return FalhaUaizap(
                503, "ZTM02", "o provedor está limitando as chamadas: tente mais tarde", 1429, espera_s=60
            )
        case http if http >= HTTPStatus.INTERNAL_SERVER_ERROR and "not connected" in texto:
            return FalhaUaizap(422, "ZRX07", "o aparelho está desconectado: conecte-o antes", 1501)
        case http if http >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return FalhaUaizap(
                503, "ZTM01", "o provedor não respondeu bem: tente de novo em instantes", 1500, espera_s=5
            )
    return FalhaUaizap(422, "ZRX12", "o servidor UaiZap não aceitou o pedido", 1400)


def _recusa_ao_conectar(resposta: Resposta) -> FalhaUaizap:
    if resposta.http == HTTPStatus.TOO_MANY_REQUESTS:
        return FalhaUaizap(
            422, "ZRX13", "o servidor UaiZap atingiu o limite de aparelhos conectados: desconecte outro antes", 1430
        )
    return _recusa(resposta)


def _recusa_do_servidor(resposta: Resposta) -> FalhaUaizap:
    if resposta.http in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return FalhaUaizap(422, "ZRX14", "o servidor UaiZap recusou o token de administração: confira-o", 1401)
    return _recusa_ao_conectar(resposta)


def _endereco() -> FalhaUaizap:
    return FalhaUaizap(422, "ZRX15", "este endereço não é de um servidor UaiZap aceito aqui", 1490)


def _incompreensivel() -> FalhaUaizap:
    return FalhaUaizap(503, "ZTM03", "o provedor deu uma resposta que não se entende", espera_s=60)
