"""Contacts as CSV, page by page: memory holds one page, however many they are.

The columns are those that the import reads, so a file that went out comes in again. A cell that a spreadsheet would
take for a formula gets an apostrophe before it; a phone does not, or it would not come in again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from app.http.prova_csv import BOM, celula, texto
from app.importacao.tabela import COLUNAS_DE_ERRO, DELIMITADORES

CABECALHO: Final = ("nome", "telefone", "email", "etiquetas", "consentimento", "bloqueado", "criado_em", "campos")

LerPagina = Callable[[str | None], Awaitable[dict[str, Any]]]
LerLote = Callable[[int], Awaitable[dict[str, Any]]]


def _linha(c: dict[str, Any]) -> list[str]:
    etiquetas = "|".join(c["etiquetas"])
    campos = "; ".join(f"{nome}: {valor}" for nome, valor in c["campos"].items())
    outros = (c["email"], etiquetas, c["marketing"], "sim" if c["bloqueado"] else "não", c["criadoEm"], campos)
    return [celula(c["nome"]), c["telefone"] or "", *map(celula, outros)]


async def escrever(primeira: dict[str, Any], ler: LerPagina) -> AsyncIterator[bytes]:
    """The whole file, from the first page on; `ler` fetches the page after a cursor."""
    yield BOM + texto([CABECALHO])
    pagina = primeira
    while True:
        yield texto(map(_linha, pagina["dados"]))
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            return
        pagina = await ler(cursor)


def _recusada(r: dict[str, Any]) -> list[str]:
    return [str(r["linha"]), r["motivo"], r["mensagem"], *map(celula, r["celulas"])]


async def escrever_recusadas(
    primeira: dict[str, Any], ler: LerLote, colunas: list[str], delimitador: str
) -> AsyncIterator[bytes]:
    """What did not enter, cell by cell as it came, and why; mended, it is a file to import.

    `ler` fetches the batch of this number.
    """
    # no reader would guess a delimiter that is not one of the usual
    aviso = b"" if delimitador in DELIMITADORES else f"sep={delimitador}\r\n".encode()
    yield BOM + aviso + texto([[*COLUNAS_DE_ERRO, *map(celula, colunas)]], delimitador)
    lote = primeira
    while True:
        yield texto(map(_recusada, lote["linhas"]), delimitador)
        if lote["proxima"] is None:
            return
        lote = await ler(lote["proxima"])
