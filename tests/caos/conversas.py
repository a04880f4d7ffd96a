"""Conversations for the torture: people who wrote first, and answers written while everything falls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from tests.caos.arena import Arena, Numero, ate
from tests.sql.cenas import Admin, escrever

# few: what is said to one person within 6 s is a burst, which the provider lets through
GRUPO = 5


@dataclass(frozen=True)
class Conversa:
    numero: Numero
    id: UUID


async def abrir_conversas(arena: Arena, numeros: Sequence[Numero], quantas: int) -> list[Conversa]:
    """`quantas` people per number write first: that opens their conversations and the 24 hours."""
    for numero in numeros:
        telefones = _telefones(arena, numero, quantas)
        for telefone in telefones:
            await arena.controle(
                "POST",
                "/inbound",
                json={"to_number": numero.numero_id_externo, "from": telefone.lstrip("+"), "content": {"body": "oi"}},
            )
    ids = [n.cena.conexao_id for n in numeros]

    def abertas() -> list[dict[str, Any]]:
        linhas = arena.consultar(
            "select id, conexao_id from conversas where conexao_id = any (%s) and janela_expira_em > now() order by id",
            [ids],
        )
        return linhas if len(linhas) == quantas * len(numeros) else []

    await ate(abertas, 60, "as conversas abrirem")
    por_conexao = {str(n.cena.conexao_id): n for n in numeros}
    return [Conversa(por_conexao[str(x["conexao_id"])], x["id"]) for x in abertas()]


def _telefones(arena: Arena, numero: Numero, quantas: int) -> list[str]:
    linhas = arena.consultar(
        "select telefone from contatos where id = any (%s) order by id limit %s", [numero.cena.contatos, quantas]
    )
    return [x["telefone"] for x in linhas]


async def escrever_todas(arena: Arena, conversas: Sequence[Conversa], em_cada: int, durante_s: float) -> None:
    """Every conversation gets `em_cada` messages, whatever happens to the database; `GRUPO` of them talk at a time."""
    vezes: list[Conversa] = []
    for inicio in range(0, len(conversas), GRUPO):
        grupo = [c for c in conversas[inicio : inicio + GRUPO] for _ in range(em_cada)]
        arena.sorte.shuffle(grupo)
        vezes += grupo
    sessao = arena.conectar()
    try:
        for i, conversa in enumerate(vezes):
            sessao = await asyncio.to_thread(_escrever, arena, sessao, conversa, f"mensagem {i} de {len(vezes)}")
            await asyncio.sleep(durante_s / len(vezes))
    finally:
        sessao.close()


def _escrever(arena: Arena, sessao: Admin, conversa: Conversa, texto: str) -> Admin:
    """Repeated until it is there: a commit whose answer was lost may have happened."""
    while not arena.consultar("select 1 from mensagens where conversa_id = %s and corpo = %s", [conversa.id, texto]):
        with contextlib.suppress(psycopg.OperationalError):
            if sessao.closed or sessao.broken:
                sessao = arena.conectar()
            escrever(sessao, conversa.numero.cena, conversa.id, texto, corpo=texto)
    return sessao
