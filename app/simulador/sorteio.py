"""Chance without randomness: every draw is a hash of the seed and of what is being judged.

Nothing depends on the order in which requests interleave, so one seed gives one history.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b


class Sorteio:
    __slots__ = ("_contadores", "semente")

    def __init__(self, semente: int) -> None:
        self.semente = semente
        self._contadores: dict[str, int] = {}

    def bytes_de(self, regra: str, chave: str, contador: int = 0) -> bytes:
        """64 bytes that depend on nothing but the seed and the arguments."""
        return blake2b(f"{self.semente}|{regra}|{chave}|{contador}".encode()).digest()

    def fracao(self, regra: str, chave: str, contador: int = 0) -> float:
        """A number in [0, 1)."""
        return fracao(self.bytes_de(regra, chave, contador))

    def vez(self, chave: str) -> int:
        """How many times this key was asked before: tells apart repeats of one identity."""
        vez = self._contadores.get(chave, 0)
        self._contadores[chave] = vez + 1
        return vez

    def retomar(self, chave: str) -> None:
        """Counts an occurrence read from the journal, so ids stay unique after a restart."""
        self.vez(chave)

    def recomecar(self, semente: int) -> None:
        self.semente = semente
        self._contadores.clear()

    def digitos(self, prefixo: str, regra: str, chave: str, tamanho: int = 15) -> str:
        """A numeric id that looks like the provider's."""
        numero = int.from_bytes(self.bytes_de(regra, chave)[:8], "big") % 10**tamanho
        return f"{prefixo}{numero:0{tamanho}d}"


def fracao(origem: bytes, posicao: int = 0) -> float:
    """The eight bytes at ``posicao`` as a number in [0, 1); one digest holds eight of them."""
    inicio = posicao * 8
    return int.from_bytes(origem[inicio : inicio + 7], "big") / 2**56


def texto_curto(origem: bytes, tamanho: int = 22) -> str:
    """Url-safe characters, as in the provider's trace ids."""
    return urlsafe_b64encode(origem)[:tamanho].decode()
