"""Search a million contacts by name and by phone, with the indexes and without; print one JSON line.

    python -m bench busca

Two tenants, nine tenths in the first. Every figure is the whole call as the HTTP layer makes it (session check,
visibility, the page with its tags), the median in milliseconds. `razao` is what the index is worth for each term; a
term of the smaller tenant shows that its neighbour costs it nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from typing import Any

import psycopg

from app.http.comum import DaSessao
from bench._cena_contatos import montar

_INDICES = (
    "contatos_nome_idx",
    "contatos_telefone_idx",
    "contatos_responsavel_id_idx",
    "contatos_equipe_id_idx",
    "contatos_identidades_valor_idx",
)
_NOMES = "Ana Bruno Célia Davi Élida Fábio Graça Hugo Iara João Kátia Luís Márcia Nelson Olga Paulo Quitéria Rui Sônia"
_SOBRENOMES = "Almeida Barros Conceição Dias Esteves Falcão Gonçalves Holanda Ipólito Jardim Lima Machado Ribeiro Souza"
# what is worth an index of trigrams; the other two are answered by the newest contacts and by the unique index
_RAROS = ("nome_raro", "nome_composto", "nome_ausente", "telefone_trecho", "telefone_final", "telefone_ausente")
_TERMOS = {
    "nome_raro": "c4ca4238",
    "nome_composto": "elida conceicao c4",
    "nome_ausente": "nada disto existe",
    "nome_comum": "souza",
    "telefone_inteiro": "(11) 90012-3456",
    "telefone_trecho": "012345",
    "telefone_final": "0012-3456",
    "telefone_ausente": "7777777",
}


def semear(admin: psycopg.Connection[Any], clientes: list[tuple[DaSessao, int]]) -> None:
    definicoes = [
        admin.execute("select pg_get_indexdef(%s::regclass)", [f"public.{nome}"]).fetchone() for nome in _INDICES
    ]
    for nome in _INDICES:
        admin.execute(f"drop index public.{nome}")
    # loading is not what is measured: no triggers, no foreign keys, indexes afterwards
    admin.execute("set session_replication_role = replica")
    for chamada, quantos in clientes:
        admin.execute(
            "insert into contatos (cliente_id, nome, telefone)"
            " select %s, (%s::text[])[1 + n %% 19] || ' ' || (%s::text[])[1 + n / 19 %% 14] || ' ' || md5(n::text),"
            " '+55119' || lpad(n::text, 8, '0') from generate_series(1, %s) as n",
            [chamada.cliente_id, _NOMES.split(), _SOBRENOMES.split(), quantos],
        )
        admin.execute(
            "insert into contatos_identidades (cliente_id, contato_id, tipo, valor)"
            " select cliente_id, id, 'WA_ID', ltrim(telefone, '+') from contatos where cliente_id = %s",
            [chamada.cliente_id],
        )
    admin.execute("reset session_replication_role")
    admin.execute("set maintenance_work_mem = '512MB'")
    for definicao in definicoes:
        assert definicao
        admin.execute(definicao[0])
    admin.execute("vacuum analyze contatos, contatos_identidades")


async def medir(chamada: DaSessao, vezes: int) -> dict[str, float]:
    saida = {}
    for rotulo, termo in _TERMOS.items():
        tempos = []
        for _ in range(vezes):
            inicio = time.perf_counter()
            await chamada.lista("api.contatos_listar", p_busca=termo)
            tempos.append((time.perf_counter() - inicio) * 1000)
        saida[rotulo] = round(statistics.median(tempos), 2)
    return saida


async def correr(total: int) -> dict[str, object]:
    async with montar() as cena:
        grande, pequena = await cena.cliente("Grande"), await cena.cliente("Pequena")
        semear(cena.admin, [(grande, total * 9 // 10), (pequena, total // 10)])
        com = await medir(grande, 15)
        vizinha = await medir(pequena, 15)
        cena.admin.execute(
            "drop index public.contatos_nome_idx, public.contatos_telefone_idx, public.contatos_identidades_valor_idx"
        )
        sem = await medir(grande, 3)
    razoes = {rotulo: round(sem[rotulo] / com[rotulo], 1) for rotulo in com}
    return {
        "bench": "busca", "contatos": total, "com_indice_ms": com, "sem_indice_ms": sem, "cliente_menor_ms": vizinha,
        "razao": razoes, "menor_razao": min(razoes[rotulo] for rotulo in _RAROS),
    }  # fmt: skip


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--contatos", type=int, default=1_000_000)
    print(json.dumps(asyncio.run(correr(opcoes.parse_args().contatos))))


if __name__ == "__main__":
    main()
