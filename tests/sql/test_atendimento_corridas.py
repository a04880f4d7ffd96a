"""Many take from the waiting queue at once: each conversation to one person, never more than somebody can serve."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from app.embutido import SUPERUSUARIO
from tests.sql.cenas import Admin
from tests.sql.salao import Salao, puxar_tudo, salao

__all__ = ["salao"]


async def test_cinquenta_pessoas_e_duzentas_conversas(salao: Salao) -> None:
    sessoes = await salao.atendentes(50, capacidade=5)
    equipe = await salao.equipe(*sessoes)
    # two queues, served as one
    ordem = [salao.esperar(equipe if n % 3 else None, 500 - n) for n in range(200)]
    recebidas = await puxar_tudo(salao, sessoes)
    ids = [id_ for id_, _ in recebidas]
    assert len(ids) == len(set(ids)) == 200, "each once, and none left"
    cargas = salao.ver(
        "select usuario_id, count(*) as n from conversas where cliente_id = $c and usuario_id is not null group by 1"
    )
    assert sum(c["n"] for c in cargas) == 200 and max(c["n"] for c in cargas) <= 5
    dadas = [
        d["id"]
        for d in salao.ver(
            "select id from conversas where cliente_id = $c and status = 'EM_ATENDIMENTO' order by atribuida_em"
        )
    ]
    # whoever waited longer was given at most as many later as there were calls at once

    def atraso(dadas: list[UUID]) -> int:
        return max(dadas.index(id_) - lugar for lugar, id_ in enumerate(ordem))

    assert atraso(dadas) <= 50
    assert atraso(random.Random(1).sample(ordem, 200)) > 50, "a control: any order would not do"


PAUSA = "perform pg_sleep(0.03);"


@contextmanager
def trocar(admin: Admin, funcao: str, *trocas: tuple[str, str]) -> Iterator[None]:
    """The function as it would be with something else in it."""
    linha = admin.execute("select pg_get_functiondef(%s::regproc) as texto", [funcao]).fetchone()
    assert linha
    outra = linha["texto"]
    for de, para in trocas:
        assert de in outra
        outra = outra.replace(de, para)
    admin.execute(outra)
    try:
        yield
    finally:
        admin.execute(linha["texto"])


LENTA = ("    if v_ocupadas >= v_capacidade then", f"    {PAUSA}\n    if v_ocupadas >= v_capacidade then")
SEM_TRAVA = ("    for no key update;\n    if not found then", ";\n    if not found then")


@pytest.mark.parametrize("trava", [True, False])
async def test_a_trava_da_pessoa_guarda_a_capacidade(salao: Salao, trava: bool) -> None:
    """Ten people, eight pulls of each at once, three slots: thirty conversations. Without the lock it is more."""
    sessoes = await salao.atendentes(10, capacidade=3)
    equipe = await salao.equipe(*sessoes)
    for n in range(90):
        salao.esperar(equipe, n)
    with trocar(salao.admin, "interno.atendente_travar", LENTA, *([] if trava else [SEM_TRAVA])):
        recebidas = await puxar_tudo(salao, sessoes, 8)
    cargas = [sum(1 for _, u in recebidas if u == s.usuario_id) for s in sessoes]
    assert len({id_ for id_, _ in recebidas}) == len(recebidas)
    if trava:
        assert cargas == [3] * 10
    else:
        assert max(cargas) > 3, "a control: the race is there to be lost"


DEPOIS = ("        exit when found or cardinality(v_ids) < c_vistas;", f"        {PAUSA}\n        exit;")


@pytest.mark.parametrize("trava", [True, False])
async def test_a_trava_da_conversa_a_da_uma_vez_so(salao: Salao, trava: bool) -> None:
    """One pull of each of twenty people, twenty conversations: one each, and nobody is told that there is none."""
    sessoes = await salao.atendentes(20)
    equipe = await salao.equipe(*sessoes)
    for n in range(20):
        salao.esperar(equipe, n)
    troca = [] if trava else [("for no key update of v skip locked", "")]
    with trocar(salao.admin, "interno.fila_pegar", DEPOIS, *troca):
        dadas = await asyncio.gather(*(salao.proximo(s) for s in sessoes))
    ids = [d for d in dadas if d]
    if trava:
        assert len(set(ids)) == 20
    else:
        assert len(set(ids)) < len(ids), "a control: one was given twice"


async def test_ninguem_espera_por_quem_esta_pegando(salao: Salao, url_de: Callable[[str], str]) -> None:
    ivo, lia = await salao.atendentes(2)
    equipe = await salao.equipe(ivo, lia)
    ids = [salao.esperar(equipe, 50 - n) for n in range(3)]
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select from conversas where id = %s for update", [ids[0]])
        assert await salao.proximo(ivo) == ids[1]
        with trocar(salao.admin, "interno.fila_pegar", ("update of v skip locked", "update of v")):
            puxada = asyncio.create_task(salao.proximo(lia))
            await asyncio.sleep(0.3)
            assert not puxada.done(), "a control: without SKIP LOCKED one waits for the other"
            outra.rollback()
            assert await puxada == ids[0]


async def test_uma_pagina_inteira_ocupada_nao_esconde_as_outras(salao: Salao, url_de: Callable[[str], str]) -> None:
    """A hundred held by others at this moment: the next look finds those behind them."""
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    ids = [salao.esperar(equipe, 500 - n) for n in range(101)]
    with psycopg.connect(url_de(SUPERUSUARIO)) as outra:
        outra.execute("select from conversas where id = any (%s) for update", [ids[:100]])
        puxada = asyncio.create_task(salao.proximo(ivo))
        await asyncio.sleep(0.3)
        assert not puxada.done(), "it looks again until somebody is done"
        outra.execute(
            "update conversas set status = 'RESOLVIDA', motivo_id = (select id from motivos_resolucao m"
            " where m.cliente_id = conversas.cliente_id limit 1) where id = %s",
            [ids[0]],
        )
        outra.commit()
        # let go of one by one while it looks: any of them, as long as it is not the one that is over
        assert await puxada in ids[1:]
