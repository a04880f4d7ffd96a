"""The image that a gateway shows for pairing, drawn as SVG: sharp at any size, and no foreign bytes in the page.

Gateways send a PNG or the text itself. A PNG is read here only as far as a QR code needs; any other image is shown as
it came.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from itertools import groupby
from math import gcd
from typing import Final

import segno

_ASSINATURA: Final = b"\x89PNG\r\n\x1a\n"
_CANAIS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LADO_MAXIMO: Final = 2000
_DADOS_MAXIMO: Final = 400_000
Linhas = list[list[bool]]


def desenho(valor: str) -> tuple[int, str] | None:
    """The side of the drawing and the path of its dark squares, or None for an image that cannot be read."""
    if not valor.startswith("data:"):
        return _caminho([[bool(c) for c in linha] for linha in segno.make(valor, micro=False).matrix_iter(border=2)])
    try:
        linhas = _png(base64.b64decode(valor.partition(",")[2][:_DADOS_MAXIMO], validate=True))
    except (binascii.Error, ValueError, struct.error, zlib.error, IndexError, KeyError):
        return None
    return _caminho(_reduzir(linhas))


def _png(dados: bytes) -> Linhas:
    """Which pixels are dark. Raises ValueError for what is no plain PNG."""
    if not dados.startswith(_ASSINATURA):
        raise ValueError("not a PNG")
    blocos = _blocos(dados)
    largura, altura, bits, cor, _, _, entrelacada = struct.unpack(">IIBBBBB", blocos[b"IHDR"])
    if entrelacada or not 0 < largura <= _LADO_MAXIMO or not 0 < altura <= _LADO_MAXIMO or bits > 8:
        raise ValueError("not a plain PNG")
    canais = _CANAIS[cor]
    por_linha = (largura * bits * canais + 7) // 8
    cru = zlib.decompressobj().decompress(blocos[b"IDAT"], (por_linha + 1) * altura)
    paleta = blocos.get(b"PLTE", b"")
    claros = [sum(paleta[i : i + 3]) >= 384 for i in range(0, len(paleta), 3)]
    linhas: Linhas = []
    anterior = bytearray(por_linha)
    for y in range(altura):
        inicio = y * (por_linha + 1)
        anterior = _desfiltrar(
            cru[inicio], bytearray(cru[inicio + 1 : inicio + 1 + por_linha]), anterior, max(1, bits * canais // 8)
        )
        linhas.append(_escuros(anterior, largura, bits, canais, claros))
    return linhas


def _blocos(dados: bytes) -> dict[bytes, bytes]:
    lidos: dict[bytes, bytes] = {}
    onde = len(_ASSINATURA)
    while onde + 8 <= len(dados):
        tamanho, nome = struct.unpack(">I4s", dados[onde : onde + 8])
        lidos[nome] = lidos.get(nome, b"") + dados[onde + 8 : onde + 8 + tamanho]
        onde += tamanho + 12
    return lidos


def _desfiltrar(filtro: int, linha: bytearray, acima: bytearray, passo: int) -> bytearray:
    for i in range(len(linha)):
        a = linha[i - passo] if i >= passo else 0
        b, c = acima[i], acima[i - passo] if i >= passo else 0
        linha[i] = (linha[i] + (0, a, b, (a + b) // 2, _paeth(a, b, c))[filtro]) & 255
    return linha


def _paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def _escuros(linha: bytearray, largura: int, bits: int, canais: int, claros: list[bool]) -> list[bool]:
    if bits == 8:
        if claros:
            return [not claros[linha[x]] for x in range(largura)]
        return [linha[x * canais] < 128 for x in range(largura)]
    por_byte, mascara = 8 // bits, (1 << bits) - 1
    valores = [linha[x // por_byte] >> (8 - bits - x % por_byte * bits) & mascara for x in range(largura)]
    return [not claros[v] if claros else v * 2 <= mascara for v in valores]


def _reduzir(linhas: Linhas) -> Linhas:
    """One square per module instead of one per pixel."""
    lado = 0
    for linha in linhas:
        for _, corrida in groupby(linha):
            lado = gcd(lado, sum(1 for _ in corrida))
    return [linha[::lado] for linha in linhas[::lado]] if lado > 1 else linhas


def _caminho(linhas: Linhas) -> tuple[int, str]:
    partes = []
    for y, linha in enumerate(linhas):
        x = 0
        for escuro, corrida in groupby(linha):
            largura = sum(1 for _ in corrida)
            if escuro:
                partes.append(f"M{x} {y}h{largura}v1h-{largura}z")
            x += largura
    return len(linhas), "".join(partes)
