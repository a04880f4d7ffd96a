"""Sending through Meta's Cloud API (`POST /{phone_number_id}/messages`).

The API has no idempotency key, so a request is written once: no retry, no redirect, no proxy from the environment. The
token travels per request and is never a default of the session, which serves every tenant.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import msgspec

from app.credenciais import ConexaoAberta
from app.provedores.conteudo import ErroConteudo
from app.provedores.envio import Envio, Resultado
from app.provedores.leitura import FalhaLeitura
from app.provedores.meta_corpo import montar
from app.provedores.meta_erros import FORA_DO_AR, LIMITACAO, ler_recusa

PRAZO_LEITURA_S: Final = 10.0
_PRAZO: Final = aiohttp.ClientTimeout(total=None, connect=5, sock_connect=3, sock_read=PRAZO_LEITURA_S)
_CORPO_MAXIMO: Final = 64 * 1024
_LIMITE_POR_SEGUNDO: Final = 130429
_CREDENCIAL: Final = 190
# our own code for content that this API cannot say
CONTEUDO_IMPOSSIVEL: Final = -1


class _Mensagem(msgspec.Struct):
    id: str
    message_status: str | None = None


class _Contato(msgspec.Struct):
    wa_id: str | None = None


class _Aceite(msgspec.Struct):
    """Only what proves acceptance is demanded: an oddity elsewhere must not hide it."""

    messages: list[_Mensagem]
    contacts: Any = None


class Meta:
    """One HTTP session per process. `base` is the Graph API without version, `versao` like `v25.0`."""

    def __init__(self, base: str, versao: str) -> None:
        self._base = f"{base}/{versao}"
        self._sessao = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=200, keepalive_timeout=20),
            timeout=_PRAZO,
            auto_decompress=True,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def fechar(self) -> None:
        await self._sessao.close()

    async def enviar(self, conexao: ConexaoAberta, envio: Envio) -> Resultado:
        """Send one message; see `app.provedores.envio.Resultado` for the answers."""
        try:
            corpo = serializar(envio)
        except ErroConteudo as erro:  # the same message will fail the same way
            return Resultado("NAO_ENVIADO", codigo=CONTEUDO_IMPOSSIVEL, detalhe=str(erro)[:500])
        if not _cabe_num_cabecalho(conexao):
            return Resultado("REJEITADO", codigo=_CREDENCIAL, detalhe="a credencial não cabe num cabeçalho")
        try:
            async with self._publicar(conexao, corpo) as resposta:
                return interpretar(resposta.status, await _corpo(resposta))
        # order matters: a time-out while connecting is also a time-out, and proves that nothing was written
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as erro:
            return Resultado("NAO_ENVIADO", detalhe=type(erro).__name__)
        except TimeoutError as erro:
            return Resultado("AMBIGUO", detalhe=type(erro).__name__, sem_resposta=True)
        # ValueError: whatever could not be read of an answer does not prove that nothing was sent
        except (aiohttp.ClientError, ValueError) as erro:
            return Resultado("AMBIGUO", detalhe=type(erro).__name__)

    async def marcar_lida(self, conexao: ConexaoAberta, id_externo: str, *, digitando: bool = False) -> None:
        """See `app.provedores.leitura`: the provider also marks what came before, and stops the typing after 25 s."""
        dados: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": id_externo}
        if digitando:
            dados["typing_indicator"] = {"type": "text"}
        if not _cabe_num_cabecalho(conexao):
            raise FalhaLeitura("a credencial não cabe num cabeçalho", passageira=False)
        try:
            async with self._publicar(conexao, msgspec.json.encode(dados)) as resposta:
                http, corpo = resposta.status, await _corpo(resposta)
        except (TimeoutError, aiohttp.ClientError) as erro:
            raise FalhaLeitura(type(erro).__name__, passageira=True) from None
        if http == HTTPStatus.OK:
            return
        recusa = ler_recusa(corpo)
        texto = f"{http}: {recusa.detalhe} [{recusa.rastro or '-'}]" if recusa else f"{http} sem corpo da Graph API"
        passageira = (
            http >= HTTPStatus.INTERNAL_SERVER_ERROR or http == HTTPStatus.TOO_MANY_REQUESTS
            if recusa is None
            else recusa.passageira or recusa.codigo in LIMITACAO or recusa.codigo in FORA_DO_AR
        )
        raise FalhaLeitura(texto[:500], recusa.codigo if recusa else None, passageira=passageira)

    def _publicar(self, conexao: ConexaoAberta, corpo: bytes) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._sessao.post(
            f"{self._base}/{conexao.numero_id_externo}/messages",
            data=corpo,
            allow_redirects=False,
            headers={
                "Authorization": f"Bearer {conexao.credenciais.access_token}",
                "Content-Type": "application/json",
            },
        )


def _cabe_num_cabecalho(conexao: ConexaoAberta) -> bool:
    """A token with control characters would end the header in which it travels."""
    return conexao.credenciais.access_token.isprintable()


async def _corpo(resposta: aiohttp.ClientResponse) -> bytes:
    """The whole body, however many pieces it comes in; what goes past the cap can only be unreadable."""
    corpo = bytearray()
    async for parte in resposta.content.iter_any():
        corpo += parte
        if len(corpo) > _CORPO_MAXIMO:
            break
    return bytes(corpo)


def serializar(envio: Envio) -> bytes:
    """The bytes that go over the network for one message. Raises ErroConteudo."""
    corpo = montar(
        referencia=str(envio.tentativa_id),
        para=envio.para,
        para_tipo=envio.para_tipo,
        tipo=envio.tipo,
        conteudo=envio.conteudo,
        contexto=envio.contexto,
        modelo=envio.modelo,
        midias={m.id: (m.id_externo, m.nome) for m in envio.midias.values()},
    )
    return msgspec.json.encode(corpo)


def interpretar(http: int, corpo: bytes) -> Resultado:
    """What an answer proves. Branches on the numeric code, never on texts (protocol reference, section 11)."""
    if (recusa := ler_recusa(corpo)) is not None:
        detalhe = f"{recusa.detalhe} [{recusa.rastro or '-'}]"
        return Resultado(
            "REJEITADO",
            codigo=recusa.codigo,
            subcodigo=recusa.subcodigo,
            http=http,
            detalhe=detalhe,
            transitorio=recusa.passageira,
        )
    if http == HTTPStatus.OK:
        return _aceite(corpo)
    if http == HTTPStatus.TOO_MANY_REQUESTS:
        return Resultado("REJEITADO", codigo=_LIMITE_POR_SEGUNDO, http=http, detalhe="429 sem corpo da Graph API")
    if http >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Resultado("AMBIGUO", http=http, detalhe=f"{http} sem corpo da Graph API")
    return Resultado("REJEITADO", http=http, detalhe=f"{http} sem corpo da Graph API")


def _aceite(corpo: bytes) -> Resultado:
    try:
        aceite = msgspec.json.decode(corpo, type=_Aceite)
        mensagem = aceite.messages[0]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, IndexError):
        return Resultado("AMBIGUO", http=200, detalhe="200 sem id de mensagem")
    try:
        contatos = msgspec.convert(aceite.contacts or [], list[_Contato])
    except msgspec.ValidationError:
        contatos = []
    situacao = None if mensagem.message_status == "accepted" else mensagem.message_status
    return Resultado("ACEITO", id_externo=mensagem.id, wa_id=contatos[0].wa_id if contatos else None, situacao=situacao)
