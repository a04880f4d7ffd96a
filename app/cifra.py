"""Provider credentials, encrypted at the edge: the database only ever holds ciphertext.

Layout of a sealed value: version byte, length of the key id, key id, 12-byte nonce, ciphertext with its tag. The
associated data is tenant‖row, so a ciphertext copied to another tenant or another row does not open. The first key of
the ring seals; every key of the ring opens, so rotating is: put a new key first, `balcao recifrar`, drop the old one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSAO: Final = 1
_NONCE: Final = 12
_MINIMO: Final = 2 + _NONCE + 16


class ChaveDoAnel(Protocol):
    """One key of the ring (see `app.config.Chave`)."""

    @property
    def kid(self) -> str: ...

    @property
    def valor(self) -> bytes: ...


class Cofre:
    """Seals and opens what belongs to one row of one tenant. `chaves`: the ring, current key first."""

    def __init__(self, chaves: Sequence[ChaveDoAnel]) -> None:
        if not chaves:
            raise ValueError("the key ring is empty")
        self._atual = chaves[0].kid
        self._cifras = {c.kid: AESGCM(_derivar(c.valor, b"balcao:credenciais")) for c in chaves}
        self._impressao = _derivar(chaves[0].valor, b"balcao:impressao")

    def selar(self, claro: bytes, cliente_id: UUID, linha_id: UUID) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        kid = self._atual.encode()
        cabeca = bytes((_VERSAO, len(kid))) + kid
        cifrado = self._cifras[self._atual].encrypt(nonce, claro, _associado(cabeca, cliente_id, linha_id))
        return cabeca + nonce + cifrado

    def abrir(self, selado: bytes, cliente_id: UUID, linha_id: UUID) -> bytes:
        """Raises `InvalidTag` for anything but the very bytes sealed for this tenant and row by a key of the ring."""
        if len(selado) < _MINIMO or selado[0] != _VERSAO:
            raise InvalidTag
        fim = 2 + selado[1]
        cabeca, nonce, cifrado = selado[:fim], selado[fim : fim + _NONCE], selado[fim + _NONCE :]
        cifra = self._cifras.get(cabeca[2:].decode("ascii", "replace"))
        if cifra is None or len(nonce) != _NONCE:
            raise InvalidTag
        return cifra.decrypt(nonce, cifrado, _associado(cabeca, cliente_id, linha_id))

    def da_chave_atual(self, selado: bytes) -> bool:
        """False: sealed by an older key, to be sealed again."""
        return selado[2 : 2 + selado[1]] == self._atual.encode()

    def impressao(self, segredo: str) -> bytes:
        """A keyed fingerprint: equal secrets can be found, the secret cannot."""
        return hmac.new(self._impressao, segredo.encode(), hashlib.sha256).digest()


def hash_verificacao(verify_token: str) -> bytes:
    """What the webhook handshake compares (`conexoes.verificacao_hash`)."""
    return hashlib.sha256(verify_token.encode()).digest()


def novo_id() -> UUID:
    """A version 7 UUID: the id of a row is part of what its ciphertext is bound to, so the edge makes it."""
    valor = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    valor = valor & ~(0xF << 76) | 0x7 << 76
    return UUID(int=valor & ~(0x3 << 62) | 0x2 << 62)


def _derivar(chave: bytes, proposito: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=proposito).derive(chave)


def _associado(cabeca: bytes, cliente_id: UUID, linha_id: UUID) -> bytes:
    return cabeca + cliente_id.bytes + linha_id.bytes


__all__ = ["ChaveDoAnel", "Cofre", "InvalidTag", "hash_verificacao", "novo_id"]
