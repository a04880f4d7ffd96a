"""Contacts as CSV, page by page: memory holds one page, however many they are.

The columns are those that the import reads, three that only tell, and one for each field of somebody's: a file that
went out comes in again and changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

from app.http.render import Leitor, telefone, traduzir
from app.http.tabela_csv import BOM, celula, momento_de, texto
from app.importacao.planilha import SEPARADOR_DE_ETIQUETAS, sem_apostrofo
from app.importacao.tabela import COLUNAS_DA_EXPORTACAO, COLUNAS_DE_ERRO
from app.telefone import normalizar

_CONSENTIMENTO: Final = {"CONCEDIDO": "Aceita", "REVOGADO": "Recusou", "NAO_INFORMADO": "Não disse"}

LerPagina = Callable[[str | None], Awaitable[dict[str, Any]]]
LerLote = Callable[[int], Awaitable[dict[str, Any]]]


def telefone_escrito(canonico: str | None) -> str:
    """As people write it, so that no spreadsheet makes a number of it; as it is where that would read as another."""
    escrito = telefone(canonico)
    return escrito if normalizar(escrito) == canonico and celula(escrito) == escrito else celula(canonico)


def _etiqueta(nome: str) -> str:
    """A name that holds what stands between names goes in quotes."""
    return '"' + nome.replace('"', '""') + '"' if SEPARADOR_DE_ETIQUETAS.search(nome) or nome[0] == '"' else nome


def _escritor(leitor: Leitor, campos: Sequence[str]) -> Callable[[dict[str, Any]], list[str]]:
    t, momento = traduzir(leitor.idioma), momento_de(leitor)
    consentimento = {codigo: t(nome) for codigo, nome in _CONSENTIMENTO.items()}
    sim_nao = {True: t("Sim"), False: t("Não")}

    def linha(c: dict[str, Any]) -> list[str]:
        return [
            celula(c["nome"]), telefone_escrito(c["telefone"]), celula(c["email"]),
            celula("|".join(map(_etiqueta, c["etiquetas"]))), consentimento[c["marketing"]], sim_nao[c["bloqueado"]],
            momento(c["criadoEm"]), *(celula(c["campos"].get(nome)) for nome in campos),
        ]  # fmt: skip

    return linha


async def escrever(primeira: dict[str, Any], ler: LerPagina, leitor: Leitor) -> AsyncIterator[bytes]:
    """The whole file, from the first page on; `ler` fetches the page after a cursor."""
    campos: list[str] = primeira["campos"]
    linha = _escritor(leitor, campos)
    yield BOM + texto([[*COLUNAS_DA_EXPORTACAO[leitor.idioma], *map(celula, campos)]])
    pagina = primeira
    while True:
        yield texto(map(linha, pagina["dados"]))
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            return
        pagina = await ler(cursor)


def _recusada(r: dict[str, Any]) -> list[str]:
    return [str(r["linha"]), r["motivo"], r["mensagem"], *(celula(sem_apostrofo(c)) for c in r["celulas"])]


async def escrever_recusadas(primeira: dict[str, Any], ler: LerLote, colunas: list[str]) -> AsyncIterator[bytes]:
    """What did not enter, cell by cell as it came, and why; mended, it is a file to import.

    `ler` fetches the batch of this number.
    """
    yield BOM + texto([[*COLUNAS_DE_ERRO, *map(celula, colunas)]])
    lote = primeira
    while True:
        yield texto(map(_recusada, lote["linhas"]))
        if lote["proxima"] is None:
            return
        lote = await ler(lote["proxima"])
