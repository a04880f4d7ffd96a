"""How every table of the product leaves as CSV: so that a spreadsheet in Brazilian Portuguese opens it, and so that
what the import reads goes in again.

Semicolons, UTF-8 with its mark, CRLF, days as dd/mm/yyyy hh:mm in the company's time zone. A cell that a spreadsheet
would take for a formula gets an apostrophe before it, and so does one that begins with such an apostrophe: the import
takes one off.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar.response import Stream

from app.http.render import Leitor

# the mark by which spreadsheets know UTF-8
BOM: Final = b"\xef\xbb\xbf"
DELIMITADOR: Final = ";"
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
# whoever does not read Portuguese is not told apart by which number comes first
_MOMENTO: Final = {"pt-BR": "%d/%m/%Y %H:%M", "en": "%Y-%m-%d %H:%M"}


def celula(valor: object) -> str:
    """The text of a cell, harmless to a spreadsheet."""
    escrito = "" if valor is None else str(valor)
    return "'" + escrito if _FORMULA.match(escrito) else escrito


def texto(linhas: Iterable[Iterable[str]]) -> bytes:
    """Rows as they stand in the file."""
    saida = io.StringIO()
    csv.writer(saida, delimiter=DELIMITADOR).writerows(linhas)
    return saida.getvalue().encode()


def momento_de(leitor: Leitor, *, segundos: bool = False) -> Callable[[str | datetime | None], str]:
    """Writes an instant as this reader's spreadsheet takes it for one."""
    zona, forma = ZoneInfo(leitor.fuso), _MOMENTO[leitor.idioma] + (":%S" if segundos else "")

    def momento(valor: str | datetime | None) -> str:
        if valor is None:
            return ""
        return (datetime.fromisoformat(valor) if isinstance(valor, str) else valor).astimezone(zona).strftime(forma)

    return momento


def arquivo(nome: str, partes: Callable[[], AsyncIterator[bytes]]) -> Stream:
    """The answer that a browser keeps as a file. Read the first page before: a refusal then still is one."""
    cabecalhos: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{nome}"', "Cache-Control": "no-store",
    }  # fmt: skip
    return Stream(partes, media_type="text/csv", headers=cabecalhos)
