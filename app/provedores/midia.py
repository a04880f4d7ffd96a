"""Bytes to and from a provider: what the jobs of media ask, and the ways in which it can fail.

Nothing here is repeated or kept: the caller stores, retries and decides. A failure says what may help: asking for the
address again, waiting, or nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Final, Protocol

import msgspec

from app.credenciais import ConexaoAberta

_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")


class FalhaMidia(Exception):
    """Why bytes did not arrive. `codigo` is the provider's own code, when it gave one; the text is for logs."""

    def __init__(self, texto: str, codigo: int | None = None) -> None:
        super().__init__(texto)
        self.codigo = codigo


class MidiaExpirada(FalhaMidia):
    """The address has lived its minutes: `descobrir_midia` gives a new one."""


class MidiaAusente(FalhaMidia):
    """The provider does not have it, or not for this number: no repetition can help."""


class MidiaGrande(FalhaMidia):
    """More bytes than the caller, or the provider for this type, takes."""


class MidiaRecusada(FalhaMidia):
    """The provider takes no such type or content, or the address is not one that may be called."""


class MidiaSemAcesso(FalhaMidia):
    """The credential was refused: the connection needs a person, the media is not to blame."""


class MidiaIndisponivel(FalhaMidia):
    """The network, the provider's health or its limits: the same call may work later."""

    def __init__(self, texto: str, codigo: int | None = None, espera_s: float = 5.0) -> None:
        super().__init__(texto, codigo)
        self.espera_s = espera_s


class MidiaCorrompida(MidiaIndisponivel):
    """What came is not what was announced."""


class MidiaDescoberta(msgspec.Struct, frozen=True):
    """Where the bytes are and what they should be. `url` lives a few minutes and needs the same credential."""

    url: str
    mime: str
    sha256: bytes | None = None
    tamanho: int | None = None


class MidiaBaixada(msgspec.Struct, frozen=True):
    """What was written to the destination. `mime` is what the server of the bytes says, which may be nothing useful."""

    tamanho: int
    sha256: bytes
    mime: str | None = None


class Destino(Protocol):
    """Where bytes go, piece by piece: an open file will do."""

    def write(self, dados: bytes, /) -> object: ...


class ProvedorMidia(Protocol):
    """Media of one provider. Every method raises `FalhaMidia` and nothing else for what provider and network do."""

    async def subir_midia(self, conexao: ConexaoAberta, origem: Path, mime: str, nome: str) -> str:
        """Give a file to the provider; the id it has there. Type and size are checked before the first byte."""
        ...

    async def descobrir_midia(self, conexao: ConexaoAberta, id_externo: str) -> MidiaDescoberta:
        """Where the bytes of an id that this number owns or received can be fetched."""
        ...

    async def baixar_midia(
        self, conexao: ConexaoAberta, url: str, destino: Destino, maximo: int, sha256: bytes | None = None
    ) -> MidiaBaixada:
        """Write the bytes to `destino`, at most `maximo`; with `sha256`, exactly those. On failure, what was written
        is worth nothing."""
        ...

    async def fechar(self) -> None: ...


def ler_sha256(texto: str | None) -> bytes | None:
    """The digest, which providers write in hexadecimal or base64; None when it is neither."""
    if not texto:
        return None
    if _HEX.fullmatch(texto):
        return bytes.fromhex(texto)
    try:
        resumo = base64.b64decode(texto, validate=True)
    except (binascii.Error, ValueError):
        return None
    return resumo if len(resumo) == 32 else None
