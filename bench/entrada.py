"""What a received message costs: storing its webhook, and processing what is stored; print one JSON line.

    python -m bench entrada

Bodies of one message each, of a hundred people, stored one by one and processed in the worker's batches of a hundred
(and one by one, as on a quiet day). Milliseconds of the database's own process of CPU per message, and statements that
the functions ran inside for each message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import psycopg

from app.banco import Banco
from bench._cena_contatos import montar

NUMERO, CONTA = "200000000000009", "100000000000009"
_TIQUE: Final = os.sysconf("SC_CLK_TCK")


def _cpu_s(pid: int) -> float:
    campos = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(campos[11]) + int(campos[12])) / _TIQUE


def _corpo(n: int) -> bytes:
    mensagem = {
        "from": f"55119{n % 100:08d}", "id": f"wamid.{secrets.token_hex(12)}", "timestamp": "1795132800",
        "type": "text", "text": {"body": f"mensagem {n}"},
    }  # fmt: skip
    valor = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMERO}, "messages": [mensagem]}
    mudanca = {"field": "messages", "value": valor}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": CONTA, "changes": [mudanca]}]}).encode()


async def etapa(
    admin: psycopg.Connection[Any], papel: str, fazer: Callable[[int], Awaitable[object]], vezes: int, quantas: int
) -> dict[str, float]:
    [(pid,)] = admin.execute("select pid from pg_stat_activity where usename = %s", [papel]).fetchall()
    admin.execute("select pg_stat_statements_reset()")
    antes = _cpu_s(pid)
    for n in range(vezes):
        await fazer(n)
    [(comandos,)] = admin.execute("select sum(calls) from pg_stat_statements where not toplevel").fetchall()
    return {
        "cpuMs": round((_cpu_s(pid) - antes) * 1000 / quantas, 3),
        "comandos": round(float(comandos or 0) / quantas, 2),
    }


async def medir(quantas: int) -> dict[str, Any]:
    async with montar() as cena:
        cliente_id = (await cena.cliente("Medida")).cliente_id
        [(conexao,)] = cena.admin.execute(
            "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa, credenciais)"
            " values (%s, 'Número', 'WHATSAPP', 'META_API', %s, %s, %s) returning id",
            [cliente_id, NUMERO, CONTA, secrets.token_bytes(64)],
        ).fetchall()
        ingresso = Banco(cena.servidor.url("crm_ingresso", "senha-crm_ingresso"), maximo=1)
        worker = Banco(cena.servidor.url("crm_worker", "senha-crm_worker"), maximo=1)
        await ingresso.abrir()
        await worker.abrir()

        async def guardar(n: int) -> None:
            argumentos = {"p_conexoes": [conexao], "p_corpo": _corpo(n), "p_legivel": True}
            await ingresso.chamar("webhook.evento_receber", argumentos)

        async def processar(lote: int) -> None:
            await worker.chamar("worker.interno_executar", {"p_cliente_id": cliente_id, "p_limite": lote})

        cena.admin.execute("create extension if not exists pg_stat_statements")
        # a pool connects when it is first used
        await guardar(0)
        await processar(1)
        medidas: dict[str, Any] = {}
        # the first time makes the people, the second time they are known
        for _ in range(2):
            medidas["guardar"] = await etapa(cena.admin, "crm_ingresso", guardar, quantas, quantas)
            medidas["processarEmLotes"] = await etapa(
                cena.admin, "crm_worker", lambda _: processar(100), quantas // 100, quantas
            )
        await etapa(cena.admin, "crm_ingresso", guardar, quantas, quantas)
        medidas["processarUmAUm"] = await etapa(cena.admin, "crm_worker", lambda _: processar(1), quantas, quantas)
        await ingresso.fechar()
        await worker.fechar()
        return medidas


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--mensagens", type=int, default=5000)
    quantas = opcoes.parse_args().mensagens
    print(json.dumps({"bench": "entrada", "mensagens": quantas, **asyncio.run(medir(quantas))}))


if __name__ == "__main__":
    main()
