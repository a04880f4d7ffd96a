"""Mutated webhook bodies: a signed one is never lost and never a 5xx, an unsigned one never gets in.

BALCAO_FUZZ multiplies how many are tried (100 = about a hundred thousand of each kind).
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.banco import Banco
from tests import webhooks_meta as wm
from tests.conftest import chamar
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena

VEZES = float(os.environ.get("BALCAO_FUZZ", "1"))
ASSINADOS, TROCADOS = int(1500 * VEZES), int(600 * VEZES)
EM_VOO = 16
AMOSTRAS = [wm.amostra(n) for n in range(1, 41)]
VALORES: list[Any] = [
    None, True, 0, -1, 1.5, 1e308, 10**40, "", "x", "x" * 400, "\u0000", "\ud800", "é", "{{1}}", "' or 1=1 --",
    [], {}, [[]], [None], {"": ""}, "sent", "failed", "delivered", wm.NUMERO_1, wm.NUMERO_2, "99999999999",
]  # fmt: skip


def _lugares(dados: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    achados: list[tuple[Any, Any]] = []
    itens = dados.items() if isinstance(dados, dict) else enumerate(dados) if isinstance(dados, list) else ()
    for chave, valor in itens:
        achados.append((dados, chave))
        achados += _lugares(valor)
    return achados


def mutar(sorte: random.Random) -> bytes:
    """A sample with a few accidents, of structure or of bytes."""
    dados = copy.deepcopy(sorte.choice(AMOSTRAS))
    for _ in range(sorte.randint(0, 3)):
        dentro, chave = sorte.choice(_lugares(dados))
        match sorte.randint(0, 3):
            case 0:
                # a copy: a later accident may grow it
                dentro[chave] = copy.deepcopy(sorte.choice(VALORES))
            case 1 if isinstance(dentro, dict):
                del dentro[chave]
            case 2 if isinstance(dentro, dict):
                dentro[sorte.choice(["statuses", "errors", "entry", "changes", "id", "inventada"])] = dentro[chave]
            case _ if isinstance(dentro, list):
                dentro += dentro * sorte.randint(1, 3)
        if not _lugares(dados):
            break
    corpo = bytearray(json.dumps(dados, separators=(",", ":"), ensure_ascii=sorte.random() < 0.8).encode(
        "utf-8", "surrogatepass"))  # fmt: skip
    for _ in range(sorte.choice([0, 0, 0, 1, 4])):
        if corpo:
            match sorte.randint(0, 2):
                case 0:
                    corpo[sorte.randrange(len(corpo))] = sorte.randrange(256)
                case 1:
                    del corpo[sorte.randrange(len(corpo)) :]
                case _:
                    corpo.insert(sorte.randrange(len(corpo)), sorte.choice(b'"{}[],:\\0'))
    return bytes(corpo)


@pytest.fixture(scope="module")
async def cena(admin: Admin, novo_cliente: Callable[..., Any]) -> Cena:
    cena = cenas.montar(admin, await novo_cliente("Fuzz"), 1)
    wm.conectar(admin, cena.cliente_id, cena.conexao_id, wm.NUMERO_1, wm.CONTA_1)
    return cena


async def postar_todos(http: httpx.AsyncClient, pedidos: list[tuple[bytes, str]]) -> list[int]:
    async def um(corpo: bytes, assinatura: str) -> int:
        cabecalhos = {"x-hub-signature-256": assinatura, "content-type": "application/json"}
        return (await http.post("/webhooks/meta", content=corpo, headers=cabecalhos)).status_code

    estados: list[int] = []
    for inicio in range(0, len(pedidos), EM_VOO):
        estados += await asyncio.gather(*(um(*p) for p in pedidos[inicio : inicio + EM_VOO]))
    return estados


@pytest.mark.timeout(120 + 60 * VEZES)
async def test_nenhum_corpo_assinado_se_perde(
    cliente_http: httpx.AsyncClient, banco_worker: Banco, admin: Admin, cena: Cena
) -> None:
    sorte = random.Random(20260)
    corpos = [mutar(sorte) for _ in range(ASSINADOS)]
    antes = sum(wm.guardados(admin))
    assert set(await postar_todos(cliente_http, [(c, wm.assinar(c)) for c in corpos])) == {200}
    recebidos, quarentena = wm.guardados(admin)
    # a body that speaks of two numbers may be kept in parts, never less than once
    assert recebidos + quarentena >= antes + ASSINADOS
    assert recebidos > ASSINADOS / 3, "the mutations still reach the tenant"
    assert quarentena > ASSINADOS / 20, "and some are beyond reading"
    while await chamar(banco_worker, "worker.interno_executar", p_cliente_id=cena.cliente_id, p_limite=100):
        pass
    linha = admin.execute(
        "select (select count(*) from fila_morta) as mortas,"
        " (select count(*) from fila where execucao = 'BANCO') as fila,"
        " (select count(*) from webhooks_recebidos where status not in ('PROCESSADO', 'IGNORADO')) as restam"
    ).fetchone()
    assert linha == {"mortas": 0, "fila": 0, "restam": 0}, "every body that was believed can be processed"


@pytest.mark.timeout(120 + 60 * VEZES)
async def test_nenhuma_troca_de_bit_passa(cliente_http: httpx.AsyncClient, admin: Admin, cena: Cena) -> None:
    sorte = random.Random(20261)
    pedidos = []
    for _ in range(TROCADOS):
        corpo = mutar(sorte) or b"{}"
        trocado, assinatura = bytearray(corpo), wm.assinar(corpo)
        n = sorte.randrange(len(trocado) * 8)
        trocado[n // 8] ^= 1 << n % 8
        pedidos.append((bytes(trocado), assinatura))
    antes = wm.guardados(admin)
    assert set(await postar_todos(cliente_http, pedidos)) == {401}
    assert wm.guardados(admin) == antes
