"""The second factor at the edge: codes of an authenticator (TOTP, RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes.

The secret is sealed like every other one; the database says what time it is, and spends each code once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from typing import Final
from uuid import UUID

import msgspec
import pyotp

from app.cifra import Cofre, InvalidTag, novo_id
from app.tipos.identidade import FatorSelado

_EMISSOR: Final = "Balcão"
_DIGITOS: Final = 6
_RESERVAS: Final = 10
_BYTES_DA_RESERVA: Final = 10  # 80 bits: a plain hash of one is of no use to whoever reads it


def novo(cofre: Cofre, cliente_id: UUID) -> dict[str, object]:
    """The arguments by which the database receives a new factor: its id, and the secret sealed for it."""
    id_ = novo_id()
    return {"p_id": id_, "p_segredo": cofre.selar(pyotp.random_base32().encode(), cliente_id, id_)}


def chave(cofre: Cofre, cliente_id: UUID, fator: FatorSelado) -> str:
    """The secret, as people type it into an authenticator."""
    return cofre.abrir(base64.b64decode(fator.segredo), cliente_id, fator.id).decode()


def endereco(segredo: str, email: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(segredo).provisioning_uri(name=email, issuer_name=_EMISSOR)


def passo_do_codigo(segredo: str, passo: int, codigo: str) -> int | None:
    """The step, of `passo` and its neighbours, whose code this is."""
    totp = pyotp.TOTP(segredo)
    vizinhos = (passo, passo - 1, passo + 1)
    return next((n for n in vizinhos if hmac.compare_digest(totp.generate_otp(n), codigo)), None)


def prova(cofre: Cofre, cliente_id: UUID | None, fator: FatorSelado | None, codigo: str | None) -> dict[str, object]:
    """What the database needs to spend `codigo`, whichever kind it is: nothing when there is none."""
    limpo = "".join(c for c in (codigo or "") if c.isalnum() and c.isascii()).upper()[:64]
    if not limpo:
        return {"p_fator_id": None, "p_passo": None, "p_reserva_hash": None}
    passo = None
    if fator is not None and cliente_id is not None and len(limpo) == _DIGITOS:
        passo = passo_do_codigo(chave(cofre, cliente_id, fator), fator.passo, limpo)
    return {"p_fator_id": fator and fator.id, "p_passo": passo, "p_reserva_hash": _resumo(limpo)}


def novas_reservas() -> tuple[list[str], list[bytes]]:
    """Recovery codes as they are shown, once, and what the database keeps of them."""
    codigos = [base64.b32encode(secrets.token_bytes(_BYTES_DA_RESERVA)).decode() for _ in range(_RESERVAS)]
    return ["-".join(c[i : i + 4] for i in range(0, len(c), 4)) for c in codigos], [_resumo(c) for c in codigos]


def selar_reservas(cofre: Cofre, cliente_id: UUID, segredo: str, codigos: list[str]) -> str:
    """New recovery codes, for the page that shows them: legible to us only, and only in the session of this secret."""
    claro = msgspec.json.encode((int(time.time()), codigos))
    return base64.urlsafe_b64encode(cofre.selar(claro, cliente_id, _da_sessao(segredo))).decode()


def abrir_reservas(cofre: Cofre, cliente_id: UUID, segredo: str, selado: str, segundos: int) -> list[str] | None:
    """What `selar_reservas` sealed at most so many seconds ago in this session; None for anything else."""
    try:
        claro = cofre.abrir(base64.urlsafe_b64decode(selado), cliente_id, _da_sessao(segredo))
    except (InvalidTag, ValueError):
        return None
    em, codigos = msgspec.json.decode(claro, type=tuple[int, list[str]])
    return codigos if time.time() - em <= segundos else None


def _da_sessao(segredo: str) -> UUID:
    """What stands for a row of the database: nothing that is sealed there opens here."""
    return UUID(bytes=hashlib.sha256(f"reservas:{segredo}".encode()).digest()[:16])


def _resumo(codigo: str) -> bytes:
    return hashlib.sha256(codigo.encode()).digest()
