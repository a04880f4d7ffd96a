"""What the dashboard, the page of a campaign and the received events read goes by index, and is about a page of rows.

A small database with the shape of a large one: most of every table is another tenant's. The figures of a million
recipients are in bench/paginas.py, which this test borrows from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest

from app.embutido import SUPERUSUARIO
from app.http.comum import DaSessao
from bench._cena_contatos import Cena
from bench._espia import Espia
from bench.lista import encher
from bench.paginas import encher_campanha, inteiras, mais_lidas, paginas, ver
from tests.conftest import Sessao

CAMPANHA = UUID(int=7)
CONTATOS, CONVERSAS, MENSAGENS = 6000, 5000, 5000
TODAS = paginas(CAMPANHA)
# it is asked to count, and says so
CASOS = {nome: pagina for nome, pagina in TODAS.items() if nome != "campanha_prova_conferir"}


@pytest.fixture(scope="module")
def dono(url_de: Callable[[str], str], ana: Sessao, bia: Sessao) -> DaSessao:
    with psycopg.connect(url_de(SUPERUSUARIO), autocommit=True) as admin:
        cena = cast(Cena, SimpleNamespace(admin=admin, banco=None))
        donos = [DaSessao(cast(Any, None), s.cliente_id, s.segredo) for s in (ana, bia)]
        # what the statistics know nothing of yet is not joined row by row
        admin.execute("set enable_nestloop = off")
        for vezes, quem, campanha in ((1, donos[0], CAMPANHA), (5, donos[1], UUID(int=8))):
            cheia = encher(cena, quem, vezes * CONTATOS, vezes * CONVERSAS, vezes * MENSAGENS)
            encher_campanha(admin, cheia, campanha, vezes * CONTATOS)
        admin.execute("vacuum analyze")
    return donos[0]


@pytest.fixture(scope="module")
def espia(url_de: Callable[[str], str], dono: DaSessao) -> Iterator[Espia]:
    e = Espia(url_de(SUPERUSUARIO))
    yield e
    e.fechar()


@pytest.mark.parametrize("nome", CASOS)
def test_pagina(espia: Espia, dono: DaSessao, nome: str) -> None:
    visto = ver(espia, dono, CASOS[nome])
    assert visto.nos, "the plans were seen"
    assert CASOS[nome].indices - visto.indices == set()
    assert inteiras(visto) == []
    # what is counted is counted up to a bound, and what is listed is a page of each state
    assert mais_lidas(visto) <= 6001


@pytest.mark.parametrize("nome", ["campanha", "campanha_prova", "campanha_pessoas"])
def test_uma_campanha_nao_custa_o_seu_tamanho(espia: Espia, dono: DaSessao, nome: str) -> None:
    """Its page and its evidence read what they show, however many received it or answered."""
    visto = ver(espia, dono, CASOS[nome])
    retornos = [n for n in visto.nos if n.tabela == "campanhas_retornos"]
    assert (retornos, mais_lidas(visto) <= 300 < CONTATOS / 10) == ([], True)
    assert mais_lidas(ver(espia, dono, TODAS["campanha_prova_conferir"])) >= CONTATOS, "the same eyes see a count"


def test_a_medida_acusa(espia: Espia, dono: DaSessao) -> None:
    """The same eyes see a scan, and an array that RLS keeps out of the index."""
    c = dono.cliente_id
    assert inteiras(espia.ver("crm_definidor", "select count(*) from campanhas_log where tentativas = 7", {}, c))
    comando = "select count(*) from webhooks_recebidos where cliente_id = %(c)s and campos @> '{account_update}'"
    assert "webhooks_recebidos_campo_idx" not in espia.ver("crm_definidor", comando, {"c": c}, c).indices
