"""The tenant context: opened by a live session, refused by everything else."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from app.banco import Banco
from tests.conftest import Sessao, chamar


async def test_saude_diz_a_versao(banco_api: Banco) -> None:
    saude = await chamar(banco_api, "api.saude_obter")
    assert saude["migracao"] >= 4
    assert saude["restricoes"]["perfis_cliente_id_nome_key"].startswith("ZCI01: ")


def test_login_sem_privilegio_de_tabela(url_de: Any, ana: Sessao) -> None:
    for papel in ("crm_api", "crm_worker", "crm_ingresso", "crm_plataforma"):
        with psycopg.connect(url_de(papel), autocommit=True) as conexao:
            conexao.execute("select set_config('app.cliente_id', %s, false)", [str(ana.cliente_id)])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conexao.execute("select count(*) from public.usuarios")
