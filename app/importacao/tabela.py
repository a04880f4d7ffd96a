"""A CSV as people export it: any usual delimiter and encoding, and rows that are broken one at a time.

Python's csv module gives up on a file at its first broken quote, or swallows the rest of it as one cell. Here a record
is tried on its own physical lines, so what is broken is refused alone and the next line starts afresh. Reading is lazy:
the file stays bytes, and a batch is decoded when it is asked for.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.erros import Erro

LINHAS_POR_LOTE: Final = 2000
LINHAS_MAXIMAS: Final = 200_000
COLUNAS_MAXIMAS: Final = 60
_REGISTRO_MAXIMO: Final = 16 * 1024
# of a row that is refused; what comes after is kept in the last one
_CELULAS_GUARDADAS: Final = 4 * COLUNAS_MAXIMAS
# a cell may have line breaks; one that never closes must not take the rest of the file with it
_QUEBRAS_MAXIMAS: Final = 50
DELIMITADORES: Final = ";,\t"
# what the error file puts before the columns of the file it is about; read again, they are not data
COLUNAS_DE_ERRO: Final = ("Linha no arquivo", "Código da recusa", "Motivo da recusa")
# what the export of contacts writes first, in each language; each field of somebody's follows under its own name
COLUNAS_DA_EXPORTACAO: Final = {
    "pt-BR": ("Nome", "Telefone", "E-mail", "Etiquetas", "Consentimento", "Bloqueado", "Criado em"),
    "en": ("Name", "Phone", "E-mail", "Tags", "Consent", "Blocked", "Created"),
}
# where those go: who agreed, who is blocked and since when is not a file's to say
_DESTINOS_DA_EXPORTACAO: Final = ("nome", "telefone", "email", "etiquetas", "", "", "")
_BOM: Final = b"\xef\xbb\xbf"
_BOMS_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class Crua(msgspec.Struct, omit_defaults=True):
    """One record: the number of its first line, its cells, and why it could not be read as a row, if so."""

    linha: int
    celulas: list[str] | None = None
    motivo: str | None = None


class Tabela:
    """A file whose first line was understood. Raises Erro (ZRC04 to ZRC06) for one that is no table.

    `codificacao` and `delimitador` are what was found; `cabecalho` the cells of the first line, `linha_cabecalho` its
    number.
    """

    def __init__(self, dados: bytes) -> None:
        if dados.startswith(_BOMS_UTF16):
            raise Erro(422, "ZRC05", "o arquivo está em UTF-16: salve como CSV em UTF-8", campo="arquivo")
        if b"\n" not in dados and b"\r" in dados:
            dados = dados.replace(b"\r", b"\n")
        if dados.count(b"\n") > LINHAS_MAXIMAS + 1:
            raise Erro(422, "ZRC06", f"o arquivo passa de {LINHAS_MAXIMAS} linhas: divida-o", campo="arquivo")
        self.codificacao = _codificacao(dados)
        self._linhas = _LinhasFisicas(dados.removeprefix(_BOM))
        self.linha_cabecalho, self.delimitador, inteiro = self._ler_cabecalho()
        self._largura = len(inteiro)
        nossas = {simplificar(nome) for nome in COLUNAS_DE_ERRO}
        self._nossas = {posicao for posicao, nome in enumerate(inteiro) if simplificar(nome) in nossas}
        self.cabecalho = self._sem_nossas(inteiro)

    def registros(self) -> Iterator[Crua]:
        """The records after the header; blocking, so for a thread."""
        for numero, bruta in self._linhas:
            if bruta.strip():
                yield self._registro(numero, bruta)

    def _ler_cabecalho(self) -> tuple[int, str, list[str]]:
        delimitador = ""
        for numero, bruta in self._linhas:
            texto = bruta.decode(self.codificacao, "replace").strip()
            if texto.lower().startswith("sep=") and len(texto) == 5 and texto[4] != '"':
                delimitador = texto[4]
            elif texto:
                delimitador = delimitador or max(DELIMITADORES, key=texto.count)
                return numero, delimitador, _celulas(texto, delimitador)
        raise Erro(422, "ZRC04", "o arquivo está vazio", campo="arquivo")

    def _registro(self, numero: int, bruta: bytes) -> Crua:
        if len(bruta) > _REGISTRO_MAXIMO:
            return self._recusado(numero, "LINHA_LONGA", bruta)
        try:
            texto = self._decodificar(bruta)
            celulas = texto.split(self.delimitador) if '"' not in texto else self._com_aspas(texto)
        except UnicodeDecodeError:
            return self._recusado(numero, "CODIFICACAO", bruta)
        if celulas is None:
            return self._recusado(numero, "LINHA_MALFORMADA", bruta)
        if "\x00" in texto or any("\x00" in celula for celula in celulas):
            return self._recusado(numero, "CARACTERE_INVALIDO", bruta, celulas)
        if any(celula.strip() for celula in celulas[self._largura :]):
            return self._recusado(numero, "COLUNAS_DEMAIS", bruta, celulas)
        return Crua(numero, self._sem_nossas(celulas[: self._largura]))

    def _recusado(self, numero: int, motivo: str, bruta: bytes, celulas: list[str] | None = None) -> Crua:
        """The record with what it holds, as far as it can be told, so that whoever mends it has it before them."""
        if celulas is None:
            try:
                texto = self._decodificar(bruta)
            except UnicodeDecodeError:
                texto = bruta.decode("cp1252", "replace")
            celulas = texto.split(self.delimitador, _CELULAS_GUARDADAS)
        elif len(celulas) > _CELULAS_GUARDADAS:
            celulas = [*celulas[:_CELULAS_GUARDADAS], self.delimitador.join(celulas[_CELULAS_GUARDADAS:])]
        return Crua(numero, [c.replace("\x00", "\ufffd") for c in self._sem_nossas(celulas)], motivo)

    def _sem_nossas(self, celulas: list[str]) -> list[str]:
        if not self._nossas:
            return celulas
        return [celula for posicao, celula in enumerate(celulas) if posicao not in self._nossas]

    def _com_aspas(self, texto: str) -> list[str] | None:
        """The cells of a record with quotes, joining physical lines while a cell is open; None when it is broken."""
        proximas = self._linhas.espiar()
        for usadas in range(_QUEBRAS_MAXIMAS + 1):
            try:
                celulas = next(csv.reader([texto], delimiter=self.delimitador, strict=True))
            except csv.Error as erro:
                if "unexpected end of data" not in str(erro) or len(texto) > _REGISTRO_MAXIMO:
                    return None
            else:
                # closed by a quote that belongs to a later record: that would be another shape of table
                if usadas and len(celulas) != self._largura:
                    return None
                self._linhas.pular(usadas)
                return celulas
            seguinte = next(proximas, None)
            if seguinte is None:
                return None
            texto += "\n" + self._decodificar(seguinte)
        return None

    def _decodificar(self, bruta: bytes) -> str:
        if self.codificacao == "utf-8":
            return bruta.decode()
        try:
            return bruta.decode("cp1252")
        except UnicodeDecodeError:
            return bruta.decode("latin-1")


class _LinhasFisicas:
    """Physical lines with their numbers, and a look ahead that takes nothing."""

    def __init__(self, dados: bytes) -> None:
        self._fluxo = io.BytesIO(dados)
        self._numero = 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        while bruta := self._fluxo.readline():
            self._numero += 1
            yield self._numero, bruta.rstrip(b"\r\n")

    def espiar(self) -> Iterator[bytes]:
        inicio = posicao = self._fluxo.tell()
        while True:
            self._fluxo.seek(posicao)
            bruta = self._fluxo.readline()
            posicao = self._fluxo.tell()
            self._fluxo.seek(inicio)
            if not bruta:
                return
            yield bruta.rstrip(b"\r\n")

    def pular(self, quantas: int) -> None:
        for _ in range(quantas):
            self._fluxo.readline()
            self._numero += 1


def _codificacao(dados: bytes) -> str:
    """UTF-8 unless most lines that could tell are not: one broken row must not garble all the others."""
    certas = erradas = 0
    for bruta in io.BytesIO(dados):
        if bruta.isascii():
            continue
        try:
            bruta.decode()
        except UnicodeDecodeError:
            erradas += 1
        else:
            certas += 1
    return "utf-8" if certas >= erradas else "cp1252"


def simplificar(nome: str) -> str:
    """A column's name without case, accents and what surrounds it."""
    return unicodedata.normalize("NFKD", nome.strip().casefold()).encode("ascii", "ignore").decode()


def destinos_da_exportacao(cabecalho: Sequence[str]) -> list[str] | None:
    """Where each column goes of a file that the export wrote; None for any other."""
    quantas = len(_DESTINOS_DA_EXPORTACAO)
    inicio = [simplificar(nome) for nome in cabecalho[:quantas]]
    if not any(inicio == [simplificar(nome) for nome in nossas] for nossas in COLUNAS_DA_EXPORTACAO.values()):
        return None
    return [*_DESTINOS_DA_EXPORTACAO, *["campo"] * (len(cabecalho) - quantas)]


def _celulas(texto: str, delimitador: str) -> list[str]:
    try:
        return next(csv.reader([texto], delimiter=delimitador, strict=True))
    except csv.Error:
        raise Erro(422, "ZRC04", "o cabeçalho está malformado: confira as aspas", campo="arquivo") from None
