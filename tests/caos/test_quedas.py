"""What a worker does when it is asked to stop, and when PostgreSQL or Valkey go away under it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from app.banco import Banco
from app.embutido import ServidorValkey
from app.simulador.servidor import Simulador
from tests.caos.arena import ler_banco
from tests.caos.conferencia import conferir
from tests.caos.conftest import LONGO, Recepcao
from tests.caos.test_pontos import chegadas
from tests.sql.cenas import Admin, criar_campanha, iniciar
from tests.worker.conftest import Palco, esperar, montar_palco

CONTATOS = 300 if LONGO else 100


@pytest.fixture
async def palco(
    admin: Admin,
    novo_cliente: Callable[..., Any],
    banco_worker: Banco,
    valkey: ServidorValkey,
    simulador: Simulador,
    http: aiohttp.ClientSession,
    recepcao: Recepcao,
) -> Palco:
    palco = await montar_palco(
        admin, await novo_cliente("Quedas"), banco_worker, valkey, simulador, http, CONTATOS, recepcao.url
    )
    recepcao.conexoes.append(palco.cena.conexao_id)
    await palco.controle("PUT", "/scenario", json={"meta": {"latency_ms": [30, 60]}})
    return palco


async def _comecar(banco_api: Banco, palco: Palco) -> UUID:
    campanha = await criar_campanha(banco_api, palco.cena)
    await iniciar(banco_api, palco.cena, campanha)
    return campanha


async def _ate_chegarem(palco: Palco, quantas: int) -> None:
    async def chegaram() -> bool:
        return len(await palco.livro()) >= quantas

    await esperar(chegaram, 20)


async def _terminar(admin: Admin, palco: Palco, campanha: UUID, *, incertas: bool = False) -> None:
    """The campaign ends and the judge finds nothing; without `incertas` everybody has received."""

    async def acabou() -> bool:
        admin.execute("update conexoes set suspensa_ate = null where id = %s", [palco.cena.conexao_id])
        veredito = conferir(await chegadas(palco), ler_banco(admin, [campanha], com_fichas=False))
        return not veredito.especies

    await esperar(acabou, 60)
    estados = ler_banco(admin, [campanha], com_fichas=False)
    assert incertas or {p.status for p in estados.pessoas} == {"ENVIADO"}


@pytest.mark.timeout(60)
async def test_dreno_nao_deixa_duvida(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    """Asked to stop in full flight: what flies lands, what was reserved is given back, nothing is uncertain."""
    campanha = await _comecar(banco_api, palco)
    async with palco.worker() as contexto:
        await _ate_chegarem(palco, 20)
        inicio = time.monotonic()
        contexto.parar.set()
    assert time.monotonic() - inicio < 5
    [linha] = admin.execute(
        "select count(*) filter (where l.status = 'ENVIADO') as enviadas,"
        " count(*) filter (where l.status not in ('ENVIADO', 'RESERVADO', 'PENDENTE')) as outras,"
        " count(f.reservado_por) as presas, count(f.intencao_em) as intencoes"
        " from campanhas_log as l left join fila as f on f.cliente_id = l.cliente_id and f.alvo_id = l.id"
        " where l.campanha_id = %s",
        [campanha],
    ).fetchall()
    aceitas = sum(c.aceita for c in await chegadas(palco))
    assert (linha["outras"], linha["presas"], linha["intencoes"]) == (0, 0, 0)
    assert 20 <= linha["enviadas"] == aceitas < CONTATOS
    async with palco.worker():
        await _terminar(admin, palco, campanha)


@pytest.mark.skipif(not LONGO, reason="make caos: the pool takes its time to come back")
@pytest.mark.timeout(90)
async def test_banco_fora_e_de_volta(banco_api: Banco, admin: Admin, palco: Palco) -> None:
    """Every session of the worker is cut and none can be made for two seconds; outcomes are kept in memory."""
    campanha = await _comecar(banco_api, palco)
    async with palco.worker():
        await _ate_chegarem(palco, 20)
        admin.execute("alter role crm_worker connection limit 0")
        try:
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crm_worker'")
            await asyncio.sleep(2)
        finally:
            admin.execute("alter role crm_worker connection limit -1")
        # an intent whose answer was cut off is never sent: its lease ends in doubt
        await _vencer(admin, palco)
        await _terminar(admin, palco, campanha, incertas=True)
    incertas = [p for p in ler_banco(admin, [campanha], com_fichas=False).pessoas if p.status == "INCERTO"]
    assert len(incertas) <= 15


async def _vencer(admin: Admin, palco: Palco) -> None:
    await asyncio.sleep(3)
    admin.execute(
        "update fila set reservado_ate = now() - interval '1 second' where cliente_id = %s and intencao_em is not null"
        " and intencao_em < now() - interval '2.5 seconds'",
        [palco.cena.cliente_id],
    )


@pytest.mark.timeout(120)
async def test_valkey_fora_e_de_volta(banco_api: Banco, admin: Admin, palco: Palco, tmp_path: Path) -> None:
    """The database paces the number meanwhile; never more than 80 in a second, whoever holds the watch."""
    with ServidorValkey(tmp_path / "valkey") as valkey:
        palco = replace(palco, valkey=valkey)
        campanha = await _comecar(banco_api, palco)
        async with palco.worker(), palco.worker():
            await _ate_chegarem(palco, 30)
            assert valkey.filho
            valkey.filho.kill()
            valkey.filho.wait(10)
            await _terminar(admin, palco, campanha)
            assert _autoridade(admin, palco) == "POSTGRES"
            valkey.parar()
            if LONGO:
                valkey.iniciar()
                segunda = await criar_campanha(banco_api, palco.cena)
                await asyncio.sleep(31)
                await iniciar(banco_api, palco.cena, segunda)

                async def voltou() -> bool:
                    return _autoridade(admin, palco) == "REDIS"

                await esperar(voltou, 40)


def _autoridade(admin: Admin, palco: Palco) -> str:
    [linha] = admin.execute("select autoridade from limites where conexao_id = %s", [palco.cena.conexao_id]).fetchall()
    return str(linha["autoridade"])
