"""The tenant context: opened by a live session, refused by everything else."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from app.banco import Banco
from app.embutido import SUPERUSUARIO
from tests.conftest import Sessao, chamar


async def test_saude_diz_a_versao(banco_api: Banco) -> None:
    saude = await chamar(banco_api, "api.saude_obter")
    assert saude["migracao"] >= 4
    assert saude["restricoes"]["perfis_cliente_id_nome_key"].startswith("ZCI01: ")


async def test_o_instantaneo_mais_velho_de_qualquer_sessao_e_visto(banco_api: Banco, url_de: Any) -> None:
    """A session of somebody else that holds a snapshot; one that holds none is not counted."""
    antes = (await chamar(banco_api, "api.saude_obter"))["instantaneoIdadeS"]
    with psycopg.connect(url_de(SUPERUSUARIO)) as alheia:
        alheia.execute("set transaction isolation level repeatable read")
        alheia.execute("select count(*) from public.clientes")
        await asyncio.sleep(0.3)
        aberta = (await chamar(banco_api, "api.saude_obter"))["instantaneoIdadeS"]
        [banco] = [x for x in await chamar(banco_api, "api.metricas_obter") if x["processo"] == "banco"]
    assert antes < 0.3 <= aberta <= banco["metricas"]["instantaneoIdadeS"]
    assert (await chamar(banco_api, "api.saude_obter"))["instantaneoIdadeS"] < 0.3


def test_login_sem_privilegio_de_tabela(url_de: Any, ana: Sessao) -> None:
    for papel in ("crm_api", "crm_worker", "crm_ingresso", "crm_plataforma"):
        with psycopg.connect(url_de(papel), autocommit=True) as conexao:
            conexao.execute("select set_config('app.cliente_id', %s, false)", [str(ana.cliente_id)])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conexao.execute("select count(*) from public.usuarios")
