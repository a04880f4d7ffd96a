"""Order inside a conversation under load (T12): many producers with open transactions, sixteen claimers, no inversion.

The negative control takes the order rule out of the claim and demands that inversions are seen.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.banco import Banco
from tests.caos.conftest import LONGO
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena, conversar, pretender, registrar, resposta

MENSAGENS, CONVERSAS = (100_000, 1_000) if LONGO else (480, 40)
PRODUTORES, RESERVADORES = 8, 16
Saidas = dict[str, list[int]]


@pytest.fixture
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    return cenas.montar(admin, await novo_cliente("Ordem"), CONVERSAS)


@pytest.fixture
def sem_ordem(admin: Admin) -> Iterator[None]:
    [linha] = admin.execute(
        "select pg_get_functiondef(p.oid) as texto from pg_proc as p where p.proname = 'fila_escolher'"
    ).fetchall()
    regra = "o.ordem < f.ordem"
    assert regra in linha["texto"]
    admin.execute(linha["texto"].replace(regra, "false"))
    yield
    admin.execute(linha["texto"])


async def produzir(url: str, cena: Cena, conversas: list[UUID], quantas: int, sorte: random.Random) -> None:
    """Write messages of random conversations, each in a transaction that stays open for a while."""
    async with await psycopg.AsyncConnection.connect(url) as conexao:
        for _ in range(quantas):
            conversa = sorte.choice(conversas)
            cursor = await conexao.execute(
                "update conversas set ordem_ultima = ordem_ultima + 1 where id = %s returning ordem_ultima", [conversa]
            )
            linha = await cursor.fetchone()
            assert linha
            await asyncio.sleep(sorte.uniform(0, 0.002))
            await conexao.execute(
                "with m as (insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, conteudo,"
                " status, ordem, ocorrido_em)"
                " values (%(c)s, %(v)s, %(x)s, 'SAIDA', 'TEXTO', %(t)s, 'RESERVADO', %(o)s, now())"
                " returning id)"
                " insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, chave_ordem, ordem)"
                " select %(c)s, 'mensagem_enviar', %(x)s, 1, now(), id, %(v)s, %(o)s from m",
                {
                    "c": cena.cliente_id,
                    "v": conversa,
                    "x": cena.conexao_id,
                    "t": json.dumps({"texto": f"{conversa}/{linha[0]}"}),
                    "o": linha[0],
                },
            )
            await asyncio.sleep(sorte.uniform(0, 0.004))
            await conexao.commit()


async def consumir(
    banco: Banco, cena: Cena, dono: str, epoca: int, fim: asyncio.Event, saidas: Saidas, sorte: random.Random
) -> None:
    """Claim, announce and report; a message leaves when its intent is committed."""
    argumentos = {"p_cliente_id": cena.cliente_id, "p_conexao_id": cena.conexao_id, "p_dono": dono}
    while not fim.is_set():
        itens = await chamar(banco, "worker.fila_reservar", **argumentos, p_quantos=5, p_epoca=epoca)
        if not itens:
            await asyncio.sleep(0.02)
            continue
        await asyncio.sleep(sorte.uniform(0, 0.01))
        envios = (await pretender(banco, cena, itens, dono))["envios"]
        for envio in envios:
            conversa, ordem = envio["conteudo"]["texto"].split("/")
            saidas[conversa].append(int(ordem))
        await asyncio.sleep(sorte.uniform(0, 0.005))
        respostas = [
            # one in ten has to come again, and the others of its conversation behind it
            resposta(e, "NAO_ENVIADO", semVaga=True)
            if sorte.random() < 0.1
            else resposta(e, "ACEITO", idExterno=f"w.{e['tentativaId']}")
            for e in envios
        ]
        if respostas:
            await registrar(banco, cena, respostas, dono)


async def correr(admin: Admin, banco: Banco, url: str, cena: Cena) -> Saidas:
    conversas = [conversar(admin, cena, c) for c in cena.contatos]
    saidas: Saidas = defaultdict(list)
    fim = asyncio.Event()
    limite = await chamar(banco, "worker.limite_obter", p_cliente_id=cena.cliente_id, p_conexao_id=cena.conexao_id)

    async def encerrar(produtores: list[asyncio.Task[None]]) -> None:
        await asyncio.gather(*produtores)
        restam = 1
        while restam:
            await asyncio.sleep(0.1)
            # the pair rule is another matter
            admin.execute("delete from pares where conexao_id = %s", [cena.conexao_id])
            admin.execute(
                "update fila set executar_em = now() where conexao_id = %s and executar_em > now()", [cena.conexao_id]
            )
            [linha] = admin.execute(
                "select count(*) as n from fila where conexao_id = %s", [cena.conexao_id]
            ).fetchall()
            restam = linha["n"]
        fim.set()

    produtores = [
        asyncio.create_task(produzir(url, cena, conversas, MENSAGENS // PRODUTORES, random.Random(n)))
        for n in range(PRODUTORES)
    ]
    await asyncio.gather(
        encerrar(produtores),
        *(
            consumir(banco, cena, f"w{n}", limite["epoca"], fim, saidas, random.Random(100 + n))
            for n in range(RESERVADORES)
        ),
    )
    return saidas


def inversoes(saidas: Saidas) -> int:
    """A message that leaves after a later one of its conversation; the same one again is no inversion."""
    return sum(1 for ordens in saidas.values() for i in range(1, len(ordens)) if ordens[i] < max(ordens[:i]))


@pytest.mark.timeout(1800 if LONGO else 90)
async def test_nenhuma_inversao(admin: Admin, banco_worker: Banco, url_de: Callable[[str], str], cena: Cena) -> None:
    saidas = await correr(admin, banco_worker, url_de("postgres"), cena)
    assert sum(len(set(o)) for o in saidas.values()) == MENSAGENS
    assert inversoes(saidas) == 0


@pytest.mark.timeout(1800 if LONGO else 90)
@pytest.mark.usefixtures("sem_ordem")
async def test_controle_sem_a_regra_ha_inversoes(
    admin: Admin, banco_worker: Banco, url_de: Callable[[str], str], cena: Cena
) -> None:
    saidas = await correr(admin, banco_worker, url_de("postgres"), cena)
    assert inversoes(saidas) > 0
