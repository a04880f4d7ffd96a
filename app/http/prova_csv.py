"""The evidence of a campaign as CSV, page by page: memory holds one page, however large the campaign.

A cell that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final

from app.tipos.entregas import Prova, ProvaDestinatario

PAGINA: Final = 200
CABECALHO: Final = (
    "id", "contatoId", "nome", "telefone", "status", "motivo", "erroCodigo", "erroTexto", "idExterno", "enviadoEm",
    "entregueEm", "lidoEm", "tentativas", "statusRecebidos", "decisoes",
)  # fmt: skip
# the mark by which spreadsheets know UTF-8
BOM: Final = b"\xef\xbb\xbf"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Ler = Callable[[str | None], Awaitable[Prova]]


def celula(valor: object) -> str:
    """The text of a cell, harmless to a spreadsheet."""
    if valor is None:
        return ""
    escrito = valor.isoformat() if isinstance(valor, datetime) else str(valor)
    return "'" + escrito if escrito.startswith(_FORMULA) else escrito


def linha(d: ProvaDestinatario) -> list[str]:
    tentativas = (
        f"{t.id} {t.desfecho or 'SEM_DESFECHO'} {t.iniciada_em.isoformat()} {t.processo} {t.erro_codigo or ''}".rstrip()
        for t in d.tentativas
    )
    recebidos = (
        f"{s.status} {s.ocorrido_em.isoformat()} {s.id_externo} {s.webhook_id or ''}".rstrip()
        for t in d.tentativas
        for s in t.status
    )
    decisoes = (f"{x.decisao} {x.decidido_em.isoformat()} {x.usuario_id} {x.motivo}" for x in d.decisoes)
    campos: Iterable[object] = (
        d.id, d.contato_id, d.nome, d.telefone, d.status, d.motivo, d.erro_codigo, d.erro_texto, d.id_externo,
        d.enviado_em, d.entregue_em, d.lido_em, "; ".join(tentativas), "; ".join(recebidos), "; ".join(decisoes),
    )  # fmt: skip
    return [celula(c) for c in campos]


def texto(linhas: Iterable[Iterable[str]], delimitador: str = ",") -> bytes:
    """Rows as they stand in the file."""
    saida = io.StringIO()
    csv.writer(saida, delimiter=delimitador).writerows(linhas)
    return saida.getvalue().encode()


async def escrever(primeira: Prova, ler: Ler) -> AsyncIterator[bytes]:
    """The whole file, from the first page on; `ler` fetches the page after a cursor."""
    yield BOM + texto([CABECALHO])
    pagina = primeira
    while True:
        yield texto(map(linha, pagina.destinatarios))
        if pagina.proximo_cursor is None:
            return
        pagina = await ler(pagina.proximo_cursor)
