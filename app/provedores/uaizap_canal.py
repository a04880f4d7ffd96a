"""The wire to UaiZap gateways: which addresses may be called, one request each, and what its end proves.

The address is the tenant's own choice, so it is checked against the allow-list at every call, names are only resolved
to public addresses, and no redirect is followed: the token must not travel anywhere else.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult

PRAZO_LEITURA_S: Final = 10.0
_PRAZO: Final = aiohttp.ClientTimeout(total=None, connect=5, sock_connect=3, sock_read=PRAZO_LEITURA_S)
_CORPO_MAXIMO: Final = 1024 * 1024
_NOME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class EnderecoRecusado(Exception):
    """The address is not one that may be called; nothing was."""


class NaoSaiu(Exception):
    """Proven: no byte of the request reached the gateway."""


class SemResposta(Exception):
    """The request may have been done. `esgotado`: it may even still be on its way."""

    def __init__(self, texto: str, *, esgotado: bool) -> None:
        super().__init__(texto)
        self.esgotado = esgotado


class Resposta(msgspec.Struct, frozen=True):
    """`corpo` is the decoded JSON, None when it is none."""

    http: int
    corpo: Any

    @property
    def objeto(self) -> dict[str, Any]:
        return self.corpo if isinstance(self.corpo, dict) else {}

    @property
    def recusa(self) -> str:
        """What the gateway says went wrong: its key, where there is one, and its sentence."""
        chave, texto = self.objeto.get("error_key"), self.objeto.get("error") or self.objeto.get("message")
        return ": ".join(str(parte) for parte in (chave, texto) if parte)[:500] or f"HTTP {self.http}"


class Enderecos:
    """The allow-list. Entries are those of UAIZAP_HOSTS: `host`, `*.domain`, or an http origin of this machine."""

    def __init__(self, entradas: Sequence[str]) -> None:
        self._origens = {e for e in entradas if e.startswith("http://")}
        self._nomes = {e for e in entradas if not e.startswith(("http://", "*."))}
        self._dominios = tuple(e[1:] for e in entradas if e.startswith("*."))

    def normalizar(self, url: str) -> str:
        """The origin of an address that may be called. Raises EnderecoRecusado."""
        try:
            partes = urlsplit(url.strip().lower())
            porta = partes.port
        except ValueError:
            raise EnderecoRecusado(url) from None
        if partes.path.strip("/") or partes.query or partes.fragment or "@" in partes.netloc:
            raise EnderecoRecusado(url)
        origem = f"{partes.scheme}://{partes.netloc}"
        if origem in self._origens:
            return origem
        host = partes.hostname or ""
        if partes.scheme != "https" or porta not in (None, 443) or not _NOME.fullmatch(host):
            raise EnderecoRecusado(url)
        if host not in self._nomes and not host.endswith(self._dominios or ("\0",)):
            raise EnderecoRecusado(url)
        return f"https://{host}"


class ResolvedorPublico(AbstractResolver):
    """Names that point into a private network are not resolved: an allowed name must not lead inside."""

    def __init__(self) -> None:
        self._resolvedor = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        achados = await self._resolvedor.resolve(host, port, family)
        publicos = [a for a in achados if host == "localhost" or ipaddress.ip_address(a["host"]).is_global]
        if not publicos:
            raise OSError(None, f"{host} has no public address")
        return publicos

    async def close(self) -> None:
        await self._resolvedor.close()


class CanalUaizap:
    """One HTTP session per process, shared by everything that speaks to gateways."""

    def __init__(self, entradas: Sequence[str]) -> None:
        self.enderecos = Enderecos(entradas)
        self._sessao = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=200, keepalive_timeout=20, resolver=ResolvedorPublico()),
            timeout=_PRAZO,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def fechar(self) -> None:
        await self._sessao.close()

    async def pedir(
        self,
        metodo: str,
        url_base: str,
        caminho: str,
        corpo: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        admin: str | None = None,
        maximo: int = _CORPO_MAXIMO,
    ) -> Resposta:
        """One request, written once. Raises EnderecoRecusado, NaoSaiu and SemResposta."""
        cabecalhos = {"Content-Type": "application/json"}
        cabecalhos |= {nome: valor for nome, valor in (("token", token), ("admintoken", admin)) if valor}
        origem = self.enderecos.normalizar(url_base)
        dados = None if corpo is None else msgspec.json.encode(corpo)
        try:
            async with self._sessao.request(
                metodo, origem + caminho, data=dados, headers=cabecalhos, allow_redirects=False
            ) as resposta:
                return Resposta(resposta.status, _ler(await _corpo(resposta, maximo)))
        # order matters: a time-out while connecting is also a time-out, and proves that nothing was written
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as erro:
            raise NaoSaiu(type(erro).__name__) from None
        except TimeoutError as erro:
            raise SemResposta(type(erro).__name__, esgotado=True) from None
        except aiohttp.ClientError as erro:
            raise SemResposta(type(erro).__name__, esgotado=False) from None


async def _corpo(resposta: aiohttp.ClientResponse, maximo: int) -> bytes:
    """The whole body, however many pieces it comes in; what goes past the cap can only be unreadable."""
    corpo = bytearray()
    async for parte in resposta.content.iter_any():
        corpo += parte
        if len(corpo) > maximo:
            break
    return bytes(corpo)


def _ler(corpo: bytes) -> Any:
    try:
        return msgspec.json.decode(corpo)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
