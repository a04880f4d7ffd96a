"""A worker dies at each line of the send path (T9). Before the intent it costs nothing; after it, nobody gets two."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest

from app.banco import Banco
from app.embutido import ServidorValkey, preparar_filho
from app.simulador.servidor import Simulador
from tests.caos.arena import RAIZ, ler_banco
from tests.caos.conferencia import Banco as BancoVisto
from tests.caos.conferencia import Chegada, Pessoa, conferir
from tests.caos.conftest import LONGO, Recepcao
from tests.caos.vitima import ANTES_DA_INTENCAO, MORTO, PONTOS, Ordens
from tests.sql.cenas import Admin, conversar, criar_campanha, escrever, iniciar
from tests.worker.conftest import Palco, esperar, montar_palco

# enough for the second passage to come: a claim takes ten
CONTATOS = 24 if LONGO else 9
# the passage at which it dies: the first one, and one in the middle of the batch
VEZES = [(ponto, vez) for ponto in PONTOS for vez in ((1, 2) if LONGO else (1,))]
RODADAS = 10 if LONGO else 1
# of each number, answered while the campaign goes out
CONVERSAS = 2


async def _matar(ordens: Ordens) -> None:
    processo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.caos.vitima",
        stdin=asyncio.subprocess.PIPE,
        cwd=RAIZ,
        preexec_fn=preparar_filho(signal.SIGKILL),
    )
    await asyncio.wait_for(processo.communicate(msgspec.json.encode(ordens)), 60)
    assert processo.returncode == MORTO, (ordens.ponto, processo.returncode)


async def chegadas(palco: Palco) -> list[Chegada]:
    return [
        Chegada(
            x["attempt"]["callback"],
            x["attempt"]["recipient"],
            x["attempt"]["number"],
            x["attempt"]["arrived_at"],
            x["acceptance"] is not None,
            estado_final=(x["terminal"] or {}).get("planned"),
        )
        for x in await palco.livro()
    ]


@pytest.mark.timeout(600 if LONGO else 120)
async def test_morte_em_cada_linha(
    banco_api: Banco,
    banco_worker: Banco,
    admin: Admin,
    auditoria: None,
    valkey: ServidorValkey,
    simulador: Simulador,
    http: aiohttp.ClientSession,
    novo_cliente: Callable[..., Any],
    url_de: Callable[[str], str],
    recepcao: Recepcao,
) -> None:
    async def palco_novo() -> Palco:
        palco = await montar_palco(
            admin, await novo_cliente("Pontos"), banco_worker, valkey, simulador, http, CONTATOS, recepcao.url
        )
        recepcao.conexoes.append(palco.cena.conexao_id)
        return palco

    palcos = [await palco_novo() for _ in VEZES]
    await palcos[0].controle("PUT", "/scenario", json={"meta": {"latency_ms": [200, 230]}})
    for _ in range(RODADAS):
        await _rodada(banco_api, admin, palcos, url_de)


async def _rodada(banco_api: Banco, admin: Admin, palcos: list[Palco], url_de: Callable[[str], str]) -> None:
    campanhas: list[UUID] = []
    mensagens: set[str] = set()
    await palcos[0].controle("POST", "/reset", json={"keep_config": True})
    for palco in palcos:
        # people's messages go first, so each line is passed with both kinds in hand
        mensagens |= {await _responder(admin, palco, contato) for contato in palco.cena.contatos[:CONVERSAS]}
        campanhas.append(await criar_campanha(banco_api, palco.cena))
        await iniciar(banco_api, palco.cena, campanhas[-1])
    simultaneas = asyncio.Semaphore(4)

    async def caso(palco: Palco, ponto: str, vez: int) -> None:
        async with simultaneas:
            await _matar(
                Ordens(
                    ponto,
                    vez,
                    str(palco.cena.cliente_id),
                    url_de("crm_worker"),
                    palco.valkey.url,
                    palco.simulador.url_meta,
                )
            )

    await asyncio.gather(*(caso(p, *pv) for p, pv in zip(palcos, VEZES, strict=True)))
    for palco, campanha, (ponto, vez) in zip(palcos, campanhas, VEZES, strict=True):
        alvos = [p.id for p in _da_rodada(admin, palco, campanha, mensagens, com_fichas=False).pessoas]
        _conferir_o_morto(admin, alvos, ponto, vez)
    # the lease of a dead worker runs out
    admin.execute("update fila set reservado_ate = now() - interval '1 second' where reservado_ate is not null")
    async with palcos[0].worker():

        async def assentou() -> bool:
            for palco, campanha in zip(palcos, campanhas, strict=True):
                banco = _da_rodada(admin, palco, campanha, mensagens, com_fichas=False)
                if conferir(await chegadas(palco), banco).especies:
                    return False
            return True

        # not settled in time: the judge says what is wrong
        with contextlib.suppress(AssertionError):
            await esperar(assentou, 25)
    for palco, campanha, (ponto, vez) in zip(palcos, campanhas, VEZES, strict=True):
        banco = _da_rodada(admin, palco, campanha, mensagens)
        veredito = conferir(await chegadas(palco), banco)
        assert not veredito.especies, (ponto, vez, veredito.resumo())
        _conferir_o_fim(admin, list(banco.pessoas), ponto, vez)


async def _responder(admin: Admin, palco: Palco, contato: UUID) -> str:
    """Somebody writes, and is about to be answered."""
    [linha] = admin.execute(
        "select c.telefone, (select v.id from conversas as v where v.contato_id = c.id limit 1) as conversa"
        " from contatos as c where c.id = %s",
        [contato],
    ).fetchall()
    entrada = {"to_number": palco.numero_id_externo, "from": linha["telefone"].lstrip("+"), "content": {"body": "oi"}}
    await palco.controle("POST", "/inbound", json=entrada)
    conversa = linha["conversa"] or conversar(admin, palco.cena, contato)
    return str(escrever(admin, palco.cena, conversa, f"resposta {secrets.token_hex(4)}"))


def _da_rodada(
    admin: Admin, palco: Palco, campanha: UUID, mensagens: set[str], *, com_fichas: bool = True
) -> BancoVisto:
    """The campaign and the messages of this round; the ledger was emptied before it."""
    visto = ler_banco(admin, [campanha], clientes=[palco.cena.cliente_id], com_fichas=com_fichas)
    return replace(visto, pessoas=[p for p in visto.pessoas if not p.conversa or p.id in mensagens])


def _conferir_o_morto(admin: Admin, alvos: list[str], ponto: str, vez: int) -> None:
    """What the dead worker left behind."""
    [linha] = admin.execute(
        "select count(*) filter (where f.intencao_em is not null) as intencoes, count(f.reservado_por) as reservadas,"
        " (select count(*) from tentativas as t where t.alvo_id = any (%(alvos)s::uuid[])) as tentativas"
        " from fila as f where f.alvo_id = any (%(alvos)s::uuid[])",
        {"alvos": alvos},
    ).fetchall()
    if ponto in ANTES_DA_INTENCAO and vez == 1:
        assert linha["intencoes"] == linha["tentativas"] == 0, (ponto, vez, linha)
    if ponto == "depois_da_reserva":
        assert linha["reservadas"] > 0 or vez > 1, (ponto, vez, linha)
    if ponto in ("antes_da_escrita", "depois_da_escrita", "depois_da_resposta"):
        assert linha["intencoes"] > 0, (ponto, vez, linha)


def _conferir_o_fim(admin: Admin, pessoas: list[Pessoa], ponto: str, vez: int) -> None:
    incertas = [p for p in pessoas if p.status == "INCERTO"]
    # what may have left is never tried again; what was proven not to have left does not count
    tentadas = admin.execute(
        "select count(*) filter (where desfecho is distinct from 'NAO_ENVIADO') as n from tentativas"
        " where alvo_id = any (%s::uuid[]) group by alvo_id",
        [[p.id for p in pessoas]],
    ).fetchall()
    assert [x["n"] for x in tentadas] == [1] * len(pessoas), (ponto, vez)
    if ponto in ANTES_DA_INTENCAO and vez == 1:
        assert not incertas, (ponto, vez, incertas)
    if ponto == "antes_da_escrita":
        assert incertas, (ponto, vez)
        assert {p.motivo for p in incertas} == {"WORKER_MORREU"}
