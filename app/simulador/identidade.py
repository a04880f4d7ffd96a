"""Message ids in the published layout, and short digests of what must be compared but not kept."""

from __future__ import annotations

import hashlib
from base64 import b64encode


def wamid(numero: str, sorte: bytes, forma: str, *, saida: bool) -> str:
    """The published binary layout in base64; ``opaque`` is a shape that gives away nothing to those who parse."""
    if forma == "opaque":
        return f"wamid.opaque-{sorte.hex()}"
    quem = numero.encode()
    direcao = b"\x11" if saida else b"\x12"
    cauda = sorte.hex().upper().encode()
    registro = b"\x1c\x18" + bytes((len(quem),)) + quem + b"\x15\x02\x00" + direcao + b"\x18\x14" + cauda + b"\x00"
    return "wamid." + b64encode(registro).decode()


def digesto(dados: bytes) -> str:
    return hashlib.blake2b(dados, digest_size=12).hexdigest()
