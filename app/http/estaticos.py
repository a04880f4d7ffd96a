"""Files for browsers: read once at start, named after their content, kept compressed in memory.

A name never changes its content, so browsers keep it for ever. A module that imports another one names it by its
plain file name (`./base.js`); the hashed name takes its place when the files are read. A style that imports another
one is served with it in one file.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import brotli
from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.http.comum import Pedido

PASTA: Final = Path(__file__).with_name("static")
RAIZ: Final = "/estatico/"
_TIPOS: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_IMPORTA: Final = {
    ".js": re.compile(rb'(?:(?<=from "\./)|(?<=import\("\./))[\w.-]+\.js(?=")'),
    ".webmanifest": re.compile(rb'(?<="src": ")[\w.-]+(?=")'),
}
_TRAZ: Final = re.compile(rb'^@import "\./([\w.-]+\.css)";\n', re.MULTILINE)
# whole lines of comment, empty lines and margins; what is left is the source as it was written
_COMENTARIO: Final = re.compile(rb"^\s*(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
_MARGEM: Final = re.compile(rb"^\s+", re.MULTILINE)
_PARA_SEMPRE: Final = "public, max-age=31536000, immutable"


class Estatico(Struct, frozen=True):
    """One file: its hashed `nome`, its content type and its bytes, raw and compressed."""

    nome: str
    tipo: str
    cru: bytes
    gz: bytes
    br: bytes


def _ler(arquivo: Path, lidos: dict[str, Estatico]) -> Estatico:
    def trocar(achado: re.Match[bytes]) -> bytes:
        outro = achado.group().decode()
        if outro not in lidos:
            lidos[outro] = _ler(arquivo.with_name(outro), lidos)
        return lidos[outro].nome.encode()

    cru = arquivo.read_bytes()
    if arquivo.suffix == ".js" and arquivo.parent == PASTA:
        cru = _MARGEM.sub(b"", _COMENTARIO.sub(b"", cru))
    if arquivo.suffix == ".css":
        # one request a page: a style that stands on another one is sent with it
        cru = _TRAZ.sub(lambda achado: (PASTA / achado.group(1).decode()).read_bytes(), cru)
    if arquivo.suffix in _IMPORTA:
        cru = _IMPORTA[arquivo.suffix].sub(trocar, cru)
    nome = f"{arquivo.stem}.{hashlib.sha256(cru).hexdigest()[:10]}{arquivo.suffix}"
    return Estatico(nome, _TIPOS[arquivo.suffix], cru, gzip.compress(cru, 9, mtime=0), brotli.compress(cru, quality=11))


@cache
def estaticos() -> dict[str, Estatico]:
    """Every file of `static/` by its plain name (`app.css`, `htmx.min.js`)."""
    lidos: dict[str, Estatico] = {}
    for arquivo in sorted(PASTA.rglob("*")):
        if arquivo.suffix in _TIPOS and arquivo.name not in lidos:
            lidos[arquivo.name] = _ler(arquivo, lidos)
    return lidos


@cache
def _por_nome_completo() -> dict[str, Estatico]:
    return {e.nome: e for e in estaticos().values()}


def endereco(nome: str) -> str:
    """The path under which the file of this plain name is served. Raises KeyError for one that is not there."""
    return RAIZ + estaticos()[nome].nome


def _melhor(arquivo: Estatico, aceitas: str) -> tuple[bytes, str | None]:
    """The bytes and the content encoding that serve best a browser that takes these encodings."""
    for marca, corpo in (("br", arquivo.br), ("gzip", arquivo.gz)):
        if marca in aceitas and len(corpo) < len(arquivo.cru):
            return corpo, marca
    return arquivo.cru, None


@get("/sw.js", opt={"publico": True}, include_in_schema=False, media_type=MediaType.TEXT)
async def servir_ajudante() -> Response[bytes]:
    """The service worker: at the root, so that its scope is everything, and under one name, which browsers look up."""
    arquivo = estaticos()["sw.js"]
    return Response(arquivo.cru, media_type=arquivo.tipo, headers={"Cache-Control": "no-cache"})


@get(RAIZ + "{nome:str}", opt={"publico": True}, include_in_schema=False, media_type=MediaType.TEXT)
async def servir_estatico(request: Pedido, nome: FromPath[str]) -> Response[bytes]:
    """One file in the best encoding that the browser takes."""
    arquivo = _por_nome_completo().get(nome)
    if arquivo is None:
        raise NotFoundException()
    corpo, codificacao = _melhor(arquivo, request.headers.get("accept-encoding", ""))
    cabecalhos = {"Cache-Control": _PARA_SEMPRE, "Vary": "Accept-Encoding"}
    if codificacao:
        cabecalhos["Content-Encoding"] = codificacao
    return Response(corpo, media_type=arquivo.tipo, headers=cabecalhos)
