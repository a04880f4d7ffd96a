"""Addresses that open one media for a few minutes: signed by the key ring, bound to tenant, session and media.

Whoever holds one needs nothing else, so it says little and lives short; what it says is checked again against the
database when it is used.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.cifra import ChaveDoAnel

VALIDADE_S: Final = 300
_CORPO: Final = 3 * 16 + 8
_SELO: Final = 32


class Acesso(NamedTuple):
    """What a signature opens, for whom, until when (seconds since 1970)."""

    cliente_id: UUID
    sessao_id: UUID
    midia_id: UUID
    expira_em: int


class Assinador:
    """`chaves`: the ring, current key first. The first signs, any of them verifies."""

    def __init__(self, chaves: Sequence[ChaveDoAnel]) -> None:
        self._chaves = [HKDF(SHA256(), 32, salt=None, info=b"balcao:midia").derive(c.valor) for c in chaves]

    def assinar(self, cliente_id: UUID, sessao_id: UUID, midia_id: UUID, expira_em: int) -> str:
        corpo = cliente_id.bytes + sessao_id.bytes + midia_id.bytes + expira_em.to_bytes(8, "big")
        return base64.urlsafe_b64encode(corpo + hmac.digest(self._chaves[0], corpo, "sha256")).decode().rstrip("=")

    def abrir(self, texto: str, agora: float | None = None) -> Acesso | None:
        """What the text opens now; None for what we did not sign, or signed too long ago."""
        try:
            dados = base64.b64decode(texto + "=" * (-len(texto) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        corpo, selo = dados[:_CORPO], dados[_CORPO:]
        if len(corpo) != _CORPO or len(selo) != _SELO:
            return None
        if not any(hmac.compare_digest(hmac.digest(chave, corpo, "sha256"), selo) for chave in self._chaves):
            return None
        cliente_id, sessao_id, midia_id = (UUID(bytes=corpo[n : n + 16]) for n in (0, 16, 32))
        acesso = Acesso(cliente_id, sessao_id, midia_id, int.from_bytes(corpo[48:], "big"))
        return acesso if acesso.expira_em > (time.time() if agora is None else agora) else None
