"""Starting a campaign tells the planner of its public; without the privilege ANALYZE only warns and is skipped."""

from __future__ import annotations

from typing import Any

import psycopg

from app.banco import Banco
from tests.conftest import Sessao
from tests.sql.cenas import criar_campanha, iniciar, montar


async def test_publico_grande_e_analisado_ao_iniciar(
    banco_api: Banco, admin: psycopg.Connection[dict[str, Any]], ana: Sessao
) -> None:
    cena = montar(admin, ana, 1200)
    await iniciar(banco_api, cena, await criar_campanha(banco_api, cena))
    colunas = admin.execute(
        "select attname::text as c from pg_stats where tablename = 'campanhas_log' order by 1"
    ).fetchall()
    assert [linha["c"] for linha in colunas] == ["campanha_id", "cliente_id", "status"]
