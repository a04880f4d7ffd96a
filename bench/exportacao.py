"""Export 100,000 contacts as the page does, to the last byte; print one JSON line.

    python -m bench exportacao

As the product's HTTP layer, over functions and rows of its own server; one contact in three has a tag, one in five a
field. Memory is what the process grew by while the file went out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time

from app.http.contatos_csv import escrever
from app.http.pages.contatos import exportador
from app.http.render import Leitor
from bench._cena_contatos import montar


async def medir(contatos: int) -> dict[str, object]:
    async with montar() as cena:
        chamada = await cena.cliente("Exportadora")
        args = {"c": chamada.cliente_id, "n": contatos}
        cena.admin.execute(
            "insert into contatos (cliente_id, nome, telefone, email, campos)"
            " select %(c)s, 'Pessoa da Silva ' || n, '+5511' || (900000000 + n), 'p' || n || '@exemplo.test',"
            " case when n %% 5 = 0 then '{\"Cidade\": \"Natal\"}' else '{}' end::jsonb"
            " from generate_series(1, %(n)s) as n",
            args,
        )
        cena.admin.execute(
            "with e as (insert into etiquetas (cliente_id, nome) values (%(c)s, 'VIP') returning id)"
            " insert into contatos_etiquetas (cliente_id, contato_id, etiqueta_id)"
            " select c.cliente_id, c.id, e.id from contatos as c, e where c.cliente_id = %(c)s"
            " and right(c.telefone, 1) in ('1', '4', '7')",
            args,
        )
        cena.admin.execute("vacuum analyze")
        antes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        inicio = time.perf_counter()
        ler = exportador(chamada, {})
        primeira = await ler(None)
        primeiro_s, total, linhas = time.perf_counter() - inicio, 0, 0
        async for pedaco in escrever(primeira, ler, Leitor()):
            total, linhas = total + len(pedaco), linhas + pedaco.count(b"\n")
        return {
            "bench": "exportacao", "contatos": contatos, "linhas": linhas, "bytes": total,
            "primeira_pagina_s": round(primeiro_s, 3), "total_s": round(time.perf_counter() - inicio, 2),
            "memoria_a_mais_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - antes) // 1024,
        }  # fmt: skip


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--contatos", type=int, default=100_000)
    print(json.dumps(asyncio.run(medir(opcoes.parse_args().contatos))))


if __name__ == "__main__":
    main()
