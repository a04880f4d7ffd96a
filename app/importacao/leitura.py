"""An import that people follow: the file goes to the database row by row, is mapped as they say, and is judged there.

Between both steps nothing lives in this process: whoever checks again, in whichever process, starts from what the
database keeps.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from app.erros import Erro
from app.http.comum import DaSessao
from app.importacao.planilha import montar, sem_apostrofo
from app.importacao.tabela import COLUNAS_MAXIMAS, LINHAS_POR_LOTE, Crua, Tabela, destinos_da_exportacao, simplificar
from app.telefone import normalizar
from app.tipos.importacoes import ImportacaoAberta, ImportacaoLote, ImportacaoLoteJulgado, LinhaCrua

AMOSTRA: Final = 5
_CELULA_DA_AMOSTRA: Final = 120
_EXCEL: Final = b"PK\x03\x04"
_SUGESTOES: Final = {
    "telefone": "telefone", "celular": "telefone", "whatsapp": "telefone", "fone": "telefone", "tel": "telefone",
    "phone": "telefone", "mobile": "telefone", "numero": "telefone", "telefone 1": "telefone",
    "nome": "nome", "nome completo": "nome", "cliente": "nome", "contato": "nome", "name": "nome",
    "email": "email", "e-mail": "email", "mail": "email",
    "etiquetas": "etiquetas", "etiqueta": "etiquetas", "tags": "etiquetas", "tag": "etiquetas", "grupos": "etiquetas",
    # of a file that the export wrote and somebody changed
    "consentimento": "", "bloqueado": "", "criado em": "", "consent": "", "blocked": "", "created": "",
}  # fmt: skip
_UMA_SO: Final = ("telefone", "nome", "email", "etiquetas")


class Arquivo:
    """A file as it was sent: its columns by name, a sample, and its records. Raises Erro for what is no table."""

    def __init__(self, dados: bytes) -> None:
        if dados.startswith(_EXCEL):
            raise Erro(422, "ZRC04", "isto é uma planilha do Excel: salve como CSV e mande de novo", campo="arquivo")
        if b"\x00" in dados[:1024] and not dados.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Erro(
                422, "ZRC04", "isto não é um CSV: mande um arquivo de texto separado por ; ou ,", campo="arquivo"
            )
        self.tabela = Tabela(dados)
        primeira = self.tabela.cabecalho
        if len(primeira) > COLUNAS_MAXIMAS:
            raise Erro(422, "ZRC04", f"o arquivo passa de {COLUNAS_MAXIMAS} colunas", campo="arquivo")
        # a phone in the first line is a person, not the name of a column
        sem_cabecalho = any(normalizar(celula) for celula in primeira)
        self.colunas = _nomes([""] * len(primeira) if sem_cabecalho else primeira)
        registros = self.tabela.registros()
        if sem_cabecalho:
            registros = itertools.chain([Crua(self.tabela.linha_cabecalho, primeira)], registros)
        inicio = list(itertools.islice(registros, AMOSTRA * 4))
        if not inicio:
            raise Erro(422, "ZRC04", "o arquivo só tem o cabeçalho: nenhuma linha", campo="arquivo")
        self.amostra = [
            [celula.strip()[:_CELULA_DA_AMOSTRA] for celula in crua.celulas or ()] for crua in inicio if not crua.motivo
        ][:AMOSTRA]
        self._registros = itertools.chain(inicio, registros)

    def lotes(self) -> Iterator[list[Crua]]:
        """At most LINHAS_POR_LOTE records at a time; blocking, so for a thread."""
        while lote := list(itertools.islice(self._registros, LINHAS_POR_LOTE)):
            yield lote


def _nomes(cabecalho: Sequence[str]) -> list[str]:
    """A name of its own for each column, printable, and as long as a contact's field may be."""
    nomes: list[str] = []
    vistos: Counter[str] = Counter()
    for posicao, celula in enumerate(cabecalho, 1):
        nome = "".join(c for c in sem_apostrofo(celula.strip()) if c.isprintable()).strip()[:60] or f"Coluna {posicao}"
        vistos[nome] += 1
        nomes.append(nome if vistos[nome] == 1 else f"{nome} ({vistos[nome]})")
    return nomes


def sugerir(colunas: Sequence[str], amostra: Sequence[Sequence[str]]) -> list[str]:
    """Where each column probably goes: by its name, and for the phone, failing that, by what is in it."""
    if nossos := destinos_da_exportacao(colunas):
        return nossos
    destinos: list[str] = []
    for nome in colunas:
        destino = _SUGESTOES.get(simplificar(nome), "campo")
        destinos.append("campo" if destino in _UMA_SO and destino in destinos else destino)
    if "telefone" not in destinos:
        for posicao in range(len(colunas)):
            celulas = [linha[posicao] for linha in amostra if len(linha) > posicao and linha[posicao]]
            if celulas and sum(normalizar(c) is not None for c in celulas) * 2 > len(celulas):
                destinos[posicao] = "telefone"
                break
    return destinos


async def receber(chamada: DaSessao, nome: str, dados: bytes) -> ImportacaoAberta:
    """Keep a file's rows in the database; nothing is read into contacts yet."""
    arquivo = await asyncio.to_thread(Arquivo, dados)
    aberta = await chamada.ler(
        "api.importacao_criar", ImportacaoAberta, p_arquivo=nome, p_codificacao=arquivo.tabela.codificacao,
        p_delimitador=arquivo.tabela.delimitador, p_colunas=arquivo.colunas, p_amostra=_json(arquivo.amostra),
    )  # fmt: skip
    lotes = arquivo.lotes()
    lote, ordem = await asyncio.to_thread(next, lotes, None), 0
    while lote is not None:
        ordem += 1
        seguinte = await asyncio.to_thread(next, lotes, None)
        aberta = await chamada.ler(
            "api.importacao_lote_criar", ImportacaoAberta, p_id=aberta.id, p_ordem=ordem, p_linhas=_json(lote),
            p_ultimo=seguinte is None,
        )  # fmt: skip
        lote = seguinte
    return aberta


async def conferir(chamada: DaSessao, aberta: ImportacaoAberta) -> None:
    """Map every batch as `aberta` says and have it judged; a second check of the same import ends the first."""
    vistos: set[str] = set()
    for ordem in range(1, aberta.lotes + 1):
        lote = await chamada.ler("api.importacao_lote_obter", ImportacaoLote, p_id=aberta.id, p_ordem=ordem)
        linhas = await asyncio.to_thread(_montar, lote.linhas, aberta)
        for linha in linhas:
            if linha.telefone in vistos:
                linha.motivo = "DUPLICADO_NO_ARQUIVO"
        julgado = await chamada.ler(
            "api.importacao_lote_concluir", ImportacaoLoteJulgado, p_id=aberta.id, p_ordem=ordem,
            p_linhas=_json(linhas), p_versao=aberta.versao,
        )  # fmt: skip
        # a phone counts as seen once one of its rows was good: the row after a refused one may still be the right one
        fora = set(julgado.recusadas)
        vistos.update(linha.telefone for linha in linhas if linha.telefone and linha.linha not in fora)


def _montar(cruas: Sequence[LinhaCrua], aberta: ImportacaoAberta) -> list[Any]:
    destinos = aberta.destinos or []
    return [montar(Crua(c.linha, c.celulas, c.motivo), destinos, aberta.colunas) for c in cruas]


def _json(valor: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(valor))
