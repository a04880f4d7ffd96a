"""The plans of the hot calls, as the roles that own them, under RLS: by index, tenant first, nothing read in vain.

A small database with the shape of a large one (half of everything belongs to one tenant and one number). The figures
of a million rows are in bench/planos.py, which this test borrows from; BALCAO_PLANOS changes the size here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from app.embutido import SUPERUSUARIO
from bench._espia import Espia
from bench._povoado import COM_TRABALHO, Povoado, povoar
from bench.planos import AMPLAS, Consulta, cliente_novo, consultas, iniciar_s, ver

TAMANHO = int(os.environ.get("BALCAO_PLANOS", "30000"))
NOMES = [
    "reserva", "prontas", "internos", "resgate", "webhook", "alimentador", "conclusao", "totais", "logs",
    "logs_de_um_estado", "logs_de_um_motivo", "contatos", "contatos_do_meio", "busca_por_nome", "busca_sem_achado",
    "busca_por_telefone", "campanhas", "sessao", "credenciais", "credenciais_sem_ids", "inscricao", "evento",
]  # fmt: skip


@pytest.fixture(scope="module")
def espia(url_de: Callable[[str], str]) -> Iterator[Espia]:
    e = Espia(url_de(SUPERUSUARIO))
    yield e
    e.fechar()


@pytest.fixture(scope="module")
def povoado(espia: Espia) -> Povoado:
    return povoar(espia.conexao, TAMANHO, TAMANHO)


@pytest.fixture(scope="module")
def todas(povoado: Povoado) -> dict[str, Consulta]:
    return consultas(povoado)


def test_nenhuma_consulta_fica_de_fora(todas: dict[str, Consulta]) -> None:
    assert sorted(todas) == sorted(NOMES)


@pytest.mark.parametrize("nome", NOMES)
def test_plano(espia: Espia, todas: dict[str, Consulta], nome: str) -> None:
    visto = ver(espia, todas[nome])
    assert visto.nos, "the plans were seen"
    assert todas[nome].indices - visto.indices == set()
    assert visto.varreduras == []
    if nome not in AMPLAS:
        assert visto.sem_cliente == []
    # a page of contacts or of a rare reason reads on a little; nothing reads a share of the table
    assert visto.descartadas <= 1000 < TAMANHO / 10
    # the whole call stays within a few hundred blocks for each of the rows it is about
    assert visto.blocos <= {"webhook": 10_000, "alimentador": 15_000, "resgate": 3000}.get(nome, 1500)


def test_prontas_custa_os_numeros_e_nao_as_linhas(espia: Espia, todas: dict[str, Consulta]) -> None:
    visto = ver(espia, todas["prontas"])
    prontas = visto.resposta["fila_prontas"]
    assert len(prontas["numeros"]) == COM_TRABALHO
    assert visto.blocos <= 6 * COM_TRABALHO


def test_cliente_novo_nao_paga_por_estatisticas_velhas(espia: Espia, povoado: Povoado) -> None:
    """A tenth of the contacts, frozen and sent at once: each step reads a batch, never the public."""
    inicio = iniciar_s(espia, povoado)
    assert inicio["destinatarios"] == TAMANHO // 10
    for nome, visto in cliente_novo(espia, povoado).items():
        # at most what the feeder lets wait in the queue, whatever the public
        assert visto.lidas <= 450 < inicio["destinatarios"], (nome, max(visto.nos, key=lambda n: n.lidas))
        assert visto.varreduras == [], nome


def test_a_medida_acusa(espia: Espia, povoado: Povoado) -> None:
    """The same eyes see a scan, and a filter that RLS keeps out of the index."""
    tudo = espia.ver("crm_fila", "select count(*) from fila where cerca = 7", {}, povoado.cliente_id)
    assert tudo.varreduras == ["fila"]
    nome = "select count(*) from contatos where nome_busca like %(b)s and cliente_id = %(c)s"
    sob_rls = espia.ver("crm_definidor", nome, {"b": "%wxyz%", "c": povoado.cliente_id}, povoado.cliente_id)
    assert "contatos_nome_idx" not in sob_rls.indices
    assert sob_rls.descartadas > TAMANHO / 4
