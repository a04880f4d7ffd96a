"""Web push: one message to one browser, through the service of whoever made it.

The address is the browser's word, so it is checked against the allow-list at every call, names are only resolved to
public addresses, and no redirect is followed. What is said is encrypted for that browser (RFC 8291); the service that
carries it reads neither text nor names. It knows us by a key of our own (VAPID, RFC 8292).
"""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import aiohttp
import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from app.provedores.uaizap_canal import EnderecoRecusado, Enderecos, ResolvedorPublico

# a service keeps what it cannot deliver yet this long: later, the page says it better
VALIDADE_S: Final = 4 * 3600
# what fits one record of 4096 with its padding, tag and header (RFC 8291, section 4)
CORPO_MAXIMO: Final = 3993
_PRAZO: Final = aiohttp.ClientTimeout(total=15, connect=5, sock_connect=3)
_ORDEM: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DURA_S: Final = 12 * 3600
# gone, or made for another key of ours: it will never take anything again
_ACABOU: Final = frozenset({403, 404, 410})


class ChavesDoNavegador(msgspec.Struct, frozen=True):
    """What a browser gives away so that only it can read: its public key and a secret, base64url."""

    p256dh: str
    auth: str


class Navegador(msgspec.Struct, frozen=True):
    """Where a browser is reached (`PushSubscription.toJSON()`)."""

    endpoint: str
    keys: ChavesDoNavegador

    def __repr__(self) -> str:
        return "Navegador(***)"


class Resultado(msgspec.Struct, frozen=True):
    """What became of one message; `espera_s`: how long its service asks for."""

    situacao: Literal["ENTREGUE", "ACABOU", "FALHOU"]
    http: int | None = None
    espera_s: float | None = None


class Push:
    """One HTTP session per process. `chave` is the private key; `quem` says to the services whom to complain to."""

    def __init__(self, entradas: Sequence[str], chave: str, quem: str) -> None:
        self._enderecos = Enderecos(entradas)
        self._vapid = Vapid02(_privada(chave))
        self._quem = quem if quem.startswith("https://") else "mailto:balcao@localhost"
        self._assinados: dict[str, tuple[float, str]] = {}
        self._sessao: aiohttp.ClientSession | None = None

    async def fechar(self) -> None:
        if self._sessao is not None:
            await self._sessao.close()

    async def enviar(self, navegador: Navegador, corpo: bytes, vale_s: int | None = None) -> Resultado:
        """One attempt to say it; `vale_s`: for how long it is worth being kept."""
        try:
            origem = conferir(self._enderecos, navegador)
            cifrado = cifrar(navegador, corpo)
        except (EnderecoRecusado, ValueError):
            return Resultado("ACABOU")
        cabecalhos = {
            "Authorization": self._assinar(origem),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(VALIDADE_S if vale_s is None else min(vale_s, VALIDADE_S)),
            "Urgency": "high",
        }
        try:
            async with self._aberta().post(
                navegador.endpoint, data=cifrado, headers=cabecalhos, allow_redirects=False
            ) as resposta:
                return _julgar(resposta.status, resposta.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Resultado("FALHOU")

    def _aberta(self) -> aiohttp.ClientSession:
        if self._sessao is None:
            self._sessao = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=50, resolver=ResolvedorPublico()),
                timeout=_PRAZO,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._sessao

    def _assinar(self, origem: str) -> str:
        """The word by which a service knows us; said again until its second half."""
        ate, dito = self._assinados.get(origem, (0.0, ""))
        if time.time() > ate - _DURA_S / 2:
            ate = time.time() + _DURA_S
            dito = str(self._vapid.sign({"aud": origem, "sub": self._quem, "exp": int(ate)})["Authorization"])
            self._assinados[origem] = (ate, dito)
        return dito


def publica(chave: str) -> str:
    """The public half, as browsers want it (`applicationServerKey`)."""
    ponto = _privada(chave).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(ponto).rstrip(b"=").decode()


def conferir(enderecos: Enderecos, navegador: Navegador) -> str:
    """The origin of its service. Raises EnderecoRecusado for one that may not be called."""
    try:
        partes = urlsplit(navegador.endpoint)
    except ValueError:
        raise EnderecoRecusado(navegador.endpoint) from None
    if not navegador.endpoint.isascii() or not navegador.endpoint.isprintable() or partes.fragment:
        raise EnderecoRecusado(navegador.endpoint)
    return enderecos.normalizar(f"{partes.scheme}://{partes.netloc}")


def cifrar(navegador: Navegador, corpo: bytes) -> bytes:
    """The body that only this browser reads. Raises ValueError when its keys are none."""
    cifrado: bytes = http_ece.encrypt(
        corpo,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_base64(navegador.keys.p256dh),
        auth_secret=_base64(navegador.keys.auth),
        version="aes128gcm",
    )
    return cifrado


def chaves_valem(navegador: Navegador) -> bool:
    """Whether something can be encrypted for it."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _base64(navegador.keys.p256dh))
        return len(_base64(navegador.keys.auth)) == 16
    except ValueError:
        return False


def _base64(texto: str) -> bytes:
    return base64.urlsafe_b64decode(texto.rstrip("=") + "=" * (-len(texto.rstrip("=")) % 4))


def _privada(chave: str) -> Any:
    # any 32 bytes are a key: those past the order of the curve, one in four billion, are brought back into it
    return ec.derive_private_key(int.from_bytes(_base64(chave)) % (_ORDEM - 1) + 1, ec.SECP256R1())


def _julgar(http: int, espera: str) -> Resultado:
    if 200 <= http < 300:
        return Resultado("ENTREGUE", http)
    if http in _ACABOU:
        return Resultado("ACABOU", http)
    return Resultado("FALHOU", http, float(espera) if espera.isdecimal() and len(espera) < 5 else None)
