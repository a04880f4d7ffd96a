"""The run of one import: while the database writes a batch, a thread reads the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import msgspec

from app.http.comum import DaSessao
from app.importacao.planilha import Linha, Planilha

FUNCAO: Final = "api.contatos_importar"


class _Lido(msgspec.Struct):
    linha: int
    resultado: str


class _Lote(msgspec.Struct):
    totais: dict[str, int]
    linhas: msgspec.Raw


class Opcoes(msgspec.Struct):
    """What to do with everybody in the file."""

    modo: str
    etiqueta_ids: list[UUID]
    consentimento_prova: str | None


async def importar(chamada: DaSessao, dados: bytes, opcoes: Opcoes) -> bytes:
    """Import a file and return the answer: totals, and a result for each row.

    Every batch is a transaction of its own: what was written stays when a later batch is refused as a whole (session
    ended, database away), and repeating the file is harmless.
    """
    planilha = await asyncio.to_thread(Planilha, dados)
    lotes = planilha.lotes()
    totais = {"criados": 0, "atualizados": 0, "ignorados": 0, "rejeitados": 0}
    partes: list[bytes] = []
    vistos: set[str] = set()
    lote = await asyncio.to_thread(_proximo, lotes)
    while lote is not None:
        seguinte = asyncio.create_task(asyncio.to_thread(_proximo, lotes))
        try:
            resposta = await _gravar(chamada, lote, vistos, opcoes)
        finally:
            lote = await seguinte
        for nome, quantos in resposta.totais.items():
            totais[nome] += quantos
        if len(resposta.linhas) > 2:
            partes.append(bytes(resposta.linhas)[1:-1])
    return b'{"totais":' + msgspec.json.encode(totais) + b',"linhas":[' + b",".join(partes) + b"]}"


async def autorizar(chamada: DaSessao, opcoes: Opcoes) -> None:
    """Refuse before the file is even received: no session, no permission, unknown tag or mode."""
    await _gravar(chamada, [], set(), opcoes)


async def _gravar(chamada: DaSessao, lote: list[Linha], vistos: set[str], opcoes: Opcoes) -> _Lote:
    telefones: dict[int, str] = {}
    for linha in lote:
        if linha.telefone in vistos:
            linha.motivo = "DUPLICADO_NO_ARQUIVO"
        elif linha.telefone:
            telefones[linha.linha] = linha.telefone
    argumentos: dict[str, Any] = {
        "p_linhas": msgspec.Raw(msgspec.json.encode(lote)),
        "p_modo": opcoes.modo,
        "p_etiqueta_ids": opcoes.etiqueta_ids,
        "p_consentimento_prova": opcoes.consentimento_prova,
    }
    resposta = await chamada.ler(FUNCAO, _Lote, **argumentos)
    # a phone counts as seen once one of its rows was good: the row after a refused one may still be the right one
    vistos.update(
        telefones[item.linha]
        for item in msgspec.json.decode(resposta.linhas, type=list[_Lido])
        if item.resultado != "REJEITADO" and item.linha in telefones
    )
    return resposta


def _proximo(lotes: Iterator[list[Linha]]) -> list[Linha] | None:
    return next(lotes, None)
