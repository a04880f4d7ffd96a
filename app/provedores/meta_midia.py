"""Media of Meta's Cloud API: upload, look up, download.

The address of a download is what the provider said, so it is only called where we expect the provider's bytes to be,
and no redirect is followed: the token would travel along. Sizes are ours as well as theirs, and are counted as the
bytes come.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec
import structlog

from app.credenciais import ConexaoAberta
from app.provedores.meta_erros import AUSENTE, FORA_DO_AR, LIMITACAO, SEM_ACESSO, RecusaMeta, ler_recusa
from app.provedores.midia import (
    Destino,
    FalhaMidia,
    MidiaAusente,
    MidiaBaixada,
    MidiaCorrompida,
    MidiaDescoberta,
    MidiaExpirada,
    MidiaGrande,
    MidiaIndisponivel,
    MidiaRecusada,
    MidiaSemAcesso,
    ler_sha256,
)

_MB: Final = 1024 * 1024
_DOCUMENTOS: Final = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
TETOS: Final[dict[str, int]] = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * _MB),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * _MB),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * _MB),
    "image/webp": 500 * 1024,
    **dict.fromkeys(_DOCUMENTOS, 100 * _MB),
}
_TETO_FIGURINHA_PARADA: Final = 100 * 1024
_CORPO_MAXIMO: Final = 64 * 1024
_PEDACO: Final = 64 * 1024
# 100 MB at a slow 4 Mbit/s; a transfer that stands still ends much earlier
_PRAZO: Final = aiohttp.ClientTimeout(total=240, connect=5, sock_connect=3, sock_read=20)
# some of the provider's servers refuse clients that do not say who they are
_QUEM: Final = "Balcao/1.0"
_registro = structlog.get_logger(__name__)
T = TypeVar("T")


class _Subida(msgspec.Struct):
    id: str


class _Achada(msgspec.Struct):
    url: str
    mime_type: str
    sha256: str | None = None
    file_size: int | str | None = None


class MetaMidia:
    """One HTTP session per process. `hosts`: where downloads may come from over TLS, besides `base` itself."""

    def __init__(self, base: str, versao: str, hosts: Iterable[str] = ()) -> None:
        self._base = f"{base}/{versao}"
        self._origens = {_origem(base), *(("https", host.lower(), 443) for host in hosts)}
        self._sessao = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20, keepalive_timeout=20),
            timeout=_PRAZO,
            # a compressed body could grow past any cap before it is counted
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": _QUEM, "Accept-Encoding": "identity"},
        )

    async def fechar(self) -> None:
        await self._sessao.close()

    async def subir_midia(self, conexao: ConexaoAberta, origem: Path, mime: str, nome: str) -> str:
        await asyncio.to_thread(_conferir, origem, mime)
        with origem.open("rb") as arquivo:
            formulario = aiohttp.FormData(quote_fields=True)
            formulario.add_field("messaging_product", "whatsapp")
            formulario.add_field("type", mime)
            formulario.add_field("file", arquivo, filename=_nome(nome), content_type=mime)
            try:
                corpo = await self._chamar("POST", f"{conexao.numero_id_externo}/media", conexao, data=formulario)
            except MidiaAusente as erro:  # here it is the number that the token does not reach
                raise MidiaSemAcesso(str(erro), erro.codigo) from None
        return _decodificar(corpo, _Subida).id

    async def descobrir_midia(self, conexao: ConexaoAberta, id_externo: str) -> MidiaDescoberta:
        if not id_externo.isalnum():
            raise MidiaRecusada("o id da mídia não é do formato do provedor")
        corpo = await self._chamar("GET", id_externo, conexao, params={"phone_number_id": conexao.numero_id_externo})
        achada = _decodificar(corpo, _Achada)
        tamanho = str(achada.file_size or "")
        return MidiaDescoberta(
            achada.url, achada.mime_type, ler_sha256(achada.sha256), int(tamanho) if tamanho.isdecimal() else None
        )

    async def baixar_midia(
        self, conexao: ConexaoAberta, url: str, destino: Destino, maximo: int, sha256: bytes | None = None
    ) -> MidiaBaixada:
        if _origem(url) not in self._origens:
            raise MidiaRecusada("o endereço da mídia não é de um servidor do provedor")
        try:
            async with self._sessao.get(url, allow_redirects=False, headers=_autorizacao(conexao)) as resposta:
                if resposta.status != HTTPStatus.OK:
                    raise _falha_de_download(resposta.status)
                return await _receber(resposta, destino, maximo, sha256)
        except ValueError:
            raise MidiaSemAcesso("a credencial não cabe num cabeçalho") from None
        except (TimeoutError, aiohttp.ClientError, ssl.SSLError) as erro:
            raise MidiaIndisponivel(type(erro).__name__) from None

    async def _chamar(self, metodo: str, caminho: str, conexao: ConexaoAberta, **extra: Any) -> bytes:
        try:
            async with self._sessao.request(
                metodo, f"{self._base}/{caminho}", allow_redirects=False, headers=_autorizacao(conexao), **extra
            ) as resposta:
                corpo = await _corpo(resposta)
                if resposta.status != HTTPStatus.OK:
                    raise _falha(resposta.status, ler_recusa(corpo), conexao)
                return corpo
        except ValueError:
            raise MidiaSemAcesso("a credencial não cabe num cabeçalho") from None
        except (TimeoutError, aiohttp.ClientError, ssl.SSLError) as erro:
            raise MidiaIndisponivel(type(erro).__name__) from None


def _origem(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no plain address (credentials inside, odd schemes)."""
    try:
        partes = urlsplit(url)
        porta = partes.port
    except ValueError:
        return None
    if partes.scheme not in ("http", "https") or not partes.hostname or partes.username is not None:
        return None
    return partes.scheme, partes.hostname, porta or (443 if partes.scheme == "https" else 80)


def _autorizacao(conexao: ConexaoAberta) -> dict[str, str]:
    return {"Authorization": f"Bearer {conexao.credenciais.access_token}"}


def _nome(nome: str) -> str:
    """Without what could end the header in which it travels."""
    return "".join(letra for letra in nome if letra.isprintable()) or "arquivo"


def _conferir(origem: Path, mime: str) -> None:
    tipo = mime.partition(";")[0].strip().lower()
    teto = TETOS.get(tipo)
    if teto is None:
        raise MidiaRecusada(f"o WhatsApp não aceita arquivos do tipo {tipo[:80]}")
    tamanho = origem.stat().st_size
    if tipo == "image/webp" and not _animada(origem):
        teto = _TETO_FIGURINHA_PARADA
    if tamanho == 0:
        raise MidiaRecusada("o arquivo está vazio")
    if tamanho > teto:
        raise MidiaGrande(f"{tipo}: {tamanho} bytes, e o WhatsApp aceita até {teto}")


def _animada(origem: Path) -> bool:
    """Whether a WebP has the animation flag of its extended header."""
    with origem.open("rb") as arquivo:
        cabeca = arquivo.read(21)
    return len(cabeca) == 21 and cabeca[12:16] == b"VP8X" and bool(cabeca[20] & 0x02)


async def _receber(
    resposta: aiohttp.ClientResponse, destino: Destino, maximo: int, esperado: bytes | None
) -> MidiaBaixada:
    if resposta.content_length is not None and resposta.content_length > maximo:
        raise MidiaGrande(f"{resposta.content_length} bytes anunciados, e o limite é {maximo}")
    if resposta.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MidiaCorrompida("veio comprimida sem ser pedido")
    resumo = hashlib.sha256()
    tamanho = 0
    async for pedaco in resposta.content.iter_chunked(_PEDACO):
        tamanho += len(pedaco)
        if tamanho > maximo:
            raise MidiaGrande(f"mais de {maximo} bytes")
        resumo.update(pedaco)
        destino.write(pedaco)
    if esperado is not None and resumo.digest() != esperado:
        raise MidiaCorrompida("o conteúdo não confere com o resumo anunciado")
    return MidiaBaixada(tamanho, resumo.digest(), resposta.headers.get("Content-Type"))


async def _corpo(resposta: aiohttp.ClientResponse) -> bytes:
    corpo = bytearray()
    async for parte in resposta.content.iter_any():
        corpo += parte
        if len(corpo) > _CORPO_MAXIMO:
            raise MidiaIndisponivel("resposta grande demais")
    return bytes(corpo)


def _decodificar(corpo: bytes, tipo: type[T]) -> T:
    try:
        return msgspec.json.decode(corpo, type=tipo)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MidiaIndisponivel("resposta que não se entende") from None


def _falha_de_download(http: int) -> FalhaMidia:
    """Without a Graph body only the status speaks: an address past its minutes answers like an unknown one."""
    if http in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN):
        return MidiaExpirada(f"{http} ao baixar")
    if http == HTTPStatus.UNAUTHORIZED:
        return MidiaSemAcesso(f"{http} ao baixar")
    return MidiaIndisponivel(f"{http} ao baixar")


def _falha(http: int, recusa: RecusaMeta | None, conexao: ConexaoAberta) -> FalhaMidia:
    codigo = recusa.codigo if recusa else None
    texto = f"{http}: {recusa.detalhe if recusa else 'sem corpo da Graph API'}"[:400]
    _registro.warning(
        "midia_recusada", conexao=str(conexao.id), http=http, codigo=codigo, rastro=recusa.rastro if recusa else None
    )
    if http == HTTPStatus.TOO_MANY_REQUESTS or codigo in LIMITACAO:
        return MidiaIndisponivel(texto, codigo, espera_s=60)
    if recusa is None or codigo in FORA_DO_AR or recusa.passageira:
        return MidiaIndisponivel(texto, codigo, espera_s=15)
    if codigo == 100 and recusa.subcodigo == AUSENTE:
        return MidiaAusente(texto, codigo)
    if codigo in SEM_ACESSO or 200 <= recusa.codigo < 300:
        return MidiaSemAcesso(texto, codigo)
    return MidiaRecusada(texto, codigo)
