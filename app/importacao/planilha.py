"""A CSV of contacts whose header names its columns, and how the cells of a row become a contact."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.erros import Erro
from app.importacao.tabela import COLUNAS_MAXIMAS, LINHAS_POR_LOTE, Crua, Tabela, destinos_da_exportacao, simplificar
from app.telefone import normalizar

_SINONIMOS: Final = {
    "celular": "telefone", "whatsapp": "telefone", "e-mail": "email", "etiqueta": "etiquetas", "tags": "etiquetas",
}  # fmt: skip
_APOSTROFO: Final = re.compile(r"^'(?='*[=+@\t\r\n-])")
SEPARADOR_DE_ETIQUETAS: Final = re.compile(r"[|;,]")
_ETIQUETA: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=[|;,]|$)|([^|;,]+)')


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
    """A file whose header names the columns. Raises Erro (ZRC04 to ZRC06) for one that is no table of contacts."""

    def __init__(self, dados: bytes) -> None:
        self._tabela = Tabela(dados)
        self._destinos, self._nomes = _ler_colunas(self._tabela.cabecalho)

    def lotes(self) -> Iterator[list[Linha]]:
        """The records, at most LINHAS_POR_LOTE at a time; blocking, so for a thread."""
        registros = (montar(crua, self._destinos, self._nomes) for crua in self._tabela.registros())
        while lote := list(itertools.islice(registros, LINHAS_POR_LOTE)):
            yield lote


def montar(crua: Crua, destinos: Sequence[str], nomes: Sequence[str]) -> Linha:
    """The contact of one record: each cell goes where `destinos` says, a `campo` under the name of its column."""
    linha = Linha(crua.linha, motivo=crua.motivo)
    if crua.motivo:
        return linha
    campos: dict[str, str] = {}
    for destino, nome, celula in zip(destinos, nomes, crua.celulas or (), strict=False):
        valor = sem_apostrofo(celula.strip())
        if not valor or not destino:
            continue
        match destino:
            case "telefone":
                valor = valor.removeprefix("'")
                linha.telefone, linha.telefone_informado = normalizar(valor), valor
            case "nome":
                linha.nome = valor
            case "email":
                linha.email = valor
            case "etiquetas":
                linha.etiquetas = _etiquetas(valor)
            case _:
                campos[nome] = valor
    if campos:
        linha.campos = campos
    return linha


def sem_apostrofo(celula: str) -> str:
    """An apostrophe is how spreadsheets say that a cell is text, and how ours leave what looks like a formula."""
    return _APOSTROFO.sub("", celula)


def _etiquetas(valor: str) -> list[str]:
    """Names between separators; one that holds a separator is in quotes."""
    return [
        solto if entre is None else entre.replace('""', '"')
        for entre, solto in (achada.groups() for achada in _ETIQUETA.finditer(valor))
    ]


def _coluna(nome: str) -> str:
    simples = simplificar(nome)
    simples = _SINONIMOS.get(simples, simples)
    return simples if simples in ("nome", "telefone", "email", "etiquetas") else nome.strip()


def _ler_colunas(cabecalho: list[str]) -> tuple[list[str], list[str]]:
    """Where each column goes, and what it is called."""
    if nossos := destinos_da_exportacao(cabecalho):
        return nossos, [sem_apostrofo(nome.strip()) for nome in cabecalho]
    colunas = [_coluna(sem_apostrofo(nome)) for nome in cabecalho]
    usadas = [coluna for coluna in colunas if coluna]
    if "telefone" not in usadas:
        mensagem = "falta a coluna telefone no cabeçalho"
    elif len(colunas) > COLUNAS_MAXIMAS:
        mensagem = f"o cabeçalho passa de {COLUNAS_MAXIMAS} colunas"
    elif len(set(usadas)) < len(usadas):
        mensagem = "há colunas repetidas no cabeçalho"
    elif any(len(coluna) > 60 or not coluna.isprintable() for coluna in usadas):
        mensagem = "há um nome de coluna longo demais ou com caractere não aceito"
    else:
        return colunas, colunas
    raise Erro(422, "ZRC04", mensagem, campo="arquivo")
