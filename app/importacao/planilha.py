"""A CSV as people export it: any usual delimiter and encoding, and rows that are broken one at a time.

Python's csv module gives up on a file at its first broken quote, or swallows the rest of it as one cell. Here a record
is tried on its own physical lines, so what is broken is refused alone and the next line starts afresh. Reading is lazy:
the file stays bytes, and a batch is decoded when it is asked for.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import msgspec

from app.erros import Erro
from app.telefone import normalizar

LINHAS_POR_LOTE: Final = 2000
LINHAS_MAXIMAS: Final = 200_000
_COLUNAS_MAXIMAS: Final = 50
_REGISTRO_MAXIMO: Final = 16 * 1024
# a cell may have line breaks; one that never closes must not take the rest of the file with it
_QUEBRAS_MAXIMAS: Final = 50
_DELIMITADORES: Final = ";,\t"
_SINONIMOS: Final = {
    "celular": "telefone", "whatsapp": "telefone", "e-mail": "email", "etiqueta": "etiquetas", "tags": "etiquetas",
}  # fmt: skip
_SEPARADOR_DE_ETIQUETAS: Final = re.compile(r"[|;,]")
_BOM: Final = b"\xef\xbb\xbf"
_BOMS_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class Linha(msgspec.Struct, rename="camel", omit_defaults=True):
    """One record as `api.contatos_importar` reads it; `motivo` says why it could not even be read."""

    linha: int
    nome: str | None = None
    telefone: str | None = None
    telefone_informado: str | None = None
    email: str | None = None
    etiquetas: list[str] | None = None
    campos: dict[str, str] | None = None
    motivo: str | None = None


class Planilha:
    """A file whose header was understood. Raises Erro (ZRC04 to ZRC06) for one that is no table of contacts."""

    def __init__(self, dados: bytes) -> None:
        if dados.startswith(_BOMS_UTF16):
            raise Erro(422, "ZRC05", "o arquivo está em UTF-16: salve como CSV em UTF-8", campo="arquivo")
        if b"\n" not in dados and b"\r" in dados:
            dados = dados.replace(b"\r", b"\n")
        if dados.count(b"\n") > LINHAS_MAXIMAS + 1:
            raise Erro(422, "ZRC06", f"o arquivo passa de {LINHAS_MAXIMAS} linhas: divida-o", campo="arquivo")
        self._codificacao = _codificacao(dados)
        self._linhas = _LinhasFisicas(dados.removeprefix(_BOM))
        self._delimitador, self._colunas = self._ler_cabecalho()

    def lotes(self) -> Iterator[list[Linha]]:
        """The records, at most LINHAS_POR_LOTE at a time; blocking, so for a thread."""
        registros = self._registros()
        while lote := list(itertools.islice(registros, LINHAS_POR_LOTE)):
            yield lote

    def _ler_cabecalho(self) -> tuple[str, list[str]]:
        delimitador = ""
        for _, bruta in self._linhas:
            texto = bruta.decode(self._codificacao, "replace").strip()
            if texto.lower().startswith("sep=") and len(texto) == 5:
                delimitador = texto[4]
            elif texto:
                delimitador = delimitador or max(_DELIMITADORES, key=texto.count)
                return delimitador, _ler_colunas(texto, delimitador)
        raise Erro(422, "ZRC04", "o arquivo está vazio", campo="arquivo")

    def _registros(self) -> Iterator[Linha]:
        for numero, bruta in self._linhas:
            if bruta.strip():
                yield self._registro(numero, bruta)

    def _registro(self, numero: int, bruta: bytes) -> Linha:
        if len(bruta) > _REGISTRO_MAXIMO:
            return Linha(numero, motivo="LINHA_LONGA")
        try:
            texto = self._decodificar(bruta)
            celulas = texto.split(self._delimitador) if '"' not in texto else self._com_aspas(texto)
        except UnicodeDecodeError:
            return Linha(numero, motivo="CODIFICACAO")
        if celulas is None:
            return Linha(numero, motivo="LINHA_MALFORMADA")
        if "\x00" in texto or any("\x00" in celula for celula in celulas):
            return Linha(numero, motivo="CARACTERE_INVALIDO")
        return self._montar(numero, celulas)

    def _com_aspas(self, texto: str) -> list[str] | None:
        """The cells of a record with quotes, joining physical lines while a cell is open; None when it is broken."""
        proximas = self._linhas.espiar()
        for usadas in range(_QUEBRAS_MAXIMAS + 1):
            try:
                celulas = next(csv.reader([texto], delimiter=self._delimitador, strict=True))
            except csv.Error as erro:
                if "unexpected end of data" not in str(erro) or len(texto) > _REGISTRO_MAXIMO:
                    return None
            else:
                # closed by a quote that belongs to a later record: that would be another shape of table
                if usadas and len(celulas) != len(self._colunas):
                    return None
                self._linhas.pular(usadas)
                return celulas
            seguinte = next(proximas, None)
            if seguinte is None:
                return None
            texto += "\n" + self._decodificar(seguinte)
        return None

    def _decodificar(self, bruta: bytes) -> str:
        if self._codificacao == "utf-8":
            return bruta.decode()
        try:
            return bruta.decode("cp1252")
        except UnicodeDecodeError:
            return bruta.decode("latin-1")

    def _montar(self, numero: int, celulas: list[str]) -> Linha:
        if len(celulas) > len(self._colunas) and any(c.strip() for c in celulas[len(self._colunas) :]):
            return Linha(numero, motivo="COLUNAS_DEMAIS")
        linha = Linha(numero)
        campos: dict[str, str] = {}
        for coluna, celula in zip(self._colunas, celulas, strict=False):
            valor = celula.strip()
            if not valor or not coluna:
                continue
            match coluna:
                case "telefone":
                    linha.telefone, linha.telefone_informado = normalizar(valor), valor
                case "nome":
                    linha.nome = valor
                case "email":
                    linha.email = valor
                case "etiquetas":
                    linha.etiquetas = _SEPARADOR_DE_ETIQUETAS.split(valor)
                case _:
                    campos[coluna] = valor
        if campos:
            linha.campos = campos
        return linha


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


def _coluna(nome: str) -> str:
    nome = nome.strip()
    simples = unicodedata.normalize("NFKD", nome.casefold()).encode("ascii", "ignore").decode()
    simples = _SINONIMOS.get(simples, simples)
    return simples if simples in ("nome", "telefone", "email", "etiquetas") else nome


def _ler_colunas(texto: str, delimitador: str) -> list[str]:
    try:
        colunas = [_coluna(nome) for nome in next(csv.reader([texto], delimiter=delimitador, strict=True))]
    except csv.Error:
        raise Erro(422, "ZRC04", "o cabeçalho está malformado: confira as aspas", campo="arquivo") from None
    usadas = [coluna for coluna in colunas if coluna]
    if "telefone" not in usadas:
        mensagem = "falta a coluna telefone no cabeçalho"
    elif len(colunas) > _COLUNAS_MAXIMAS:
        mensagem = f"o cabeçalho passa de {_COLUNAS_MAXIMAS} colunas"
    elif len(set(usadas)) < len(usadas):
        mensagem = "há colunas repetidas no cabeçalho"
    elif any(len(coluna) > 60 or not coluna.isprintable() for coluna in usadas):
        mensagem = "há um nome de coluna longo demais ou com caractere não aceito"
    else:
        return colunas
    raise Erro(422, "ZRC04", mensagem, campo="arquivo")
