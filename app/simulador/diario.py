"""Append-only journal of the ledger, one JSON object a line.

Each line is one unbuffered write, so killing the process loses at most the line being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.simulador.livro import Parada, Tentativa


class DiarioJsonl:
    def __init__(self, caminho: Path) -> None:
        self._caminho = caminho
        caminho.parent.mkdir(parents=True, exist_ok=True)
        self._arquivo = caminho.open("ab", buffering=0)

    def anotar(self, registro: Tentativa | Parada) -> None:
        self._arquivo.write(msgspec.json.encode(registro) + b"\n")

    def ler(self) -> Iterator[Tentativa | Parada]:
        """What was written so far; a line cut short by a crash ends the reading of that line only."""
        decodificador = msgspec.json.Decoder[Tentativa | Parada](Tentativa | Parada)
        with self._caminho.open("rb") as arquivo:
            for linha in arquivo:
                try:
                    yield decodificador.decode(linha)
                except msgspec.DecodeError:
                    continue

    def esvaziar(self) -> None:
        self._arquivo.truncate(0)

    def fechar(self) -> None:
        self._arquivo.close()
