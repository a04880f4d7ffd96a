"""A day's sends through one queue (T23): does it stay small, and does the worker stay as large as it was?

    python -m bench.fila_dia --n 1000000

Prints one JSON line. The provider answers at once and nobody paces, so a day of `--n` jobs passes as fast as worker and
database can; `fila` is measured with its indexes all along. `*_inicio` is the largest of the first twenty-fourth, the
day's first hour.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from bench.justica import engrossar
from tests.caos.arena import Arena, montar

NUMEROS = 4
FILA_MAXIMA_MB = 8.0
CRESCE_MAXIMO = 2.0
RSS_MAXIMO = 1.10
MB = 1024 * 1024
SEM_PROVEDOR = ("-m", "tests.caos.worker_alterado", "sem_provedor")


async def medir(pasta: Path, n: int) -> dict[str, Any]:
    async with montar(pasta) as arena:
        # fences of a million jobs are not what is measured
        arena.admin.execute("drop schema caos cascade")
        for _ in range(NUMEROS):
            numero = await arena.novo_numero(1, teto=1000)
            await arena.disparar(numero)
            await asyncio.to_thread(engrossar, arena, numero, n // NUMEROS)
        arena.admin.execute("analyze")
        arena.workers = [arena.iniciar(*SEM_PROVEDOR)]
        inicio = time.monotonic()
        amostras = await _amostrar(arena, n, inicio)
        return _figuras(n, time.monotonic() - inicio, amostras)


async def _amostrar(arena: Arena, n: int, inicio: float) -> list[tuple[int, float, float]]:
    """Jobs done, size of the queue and of the worker, every 2 s until all is done."""
    worker = psutil.Process(arena.workers[0].pid)
    amostras: list[tuple[int, float, float]] = []
    while not amostras or amostras[-1][0] < n:
        await asyncio.sleep(2)
        [visto] = await asyncio.to_thread(
            arena.consultar,
            "select pg_total_relation_size('fila') as fila, (select sum(total) from campanhas_totais"
            " where chave = 'ENVIADO')::int as feitos",
        )
        amostras.append((visto["feitos"] or 0, visto["fila"] / MB, worker.memory_info().rss / MB))
        assert time.monotonic() - inicio < 120 + n / 20, amostras[-1]
    return amostras


def _figuras(n: int, duracao: float, amostras: list[tuple[int, float, float]]) -> dict[str, Any]:
    primeira = [x for x in amostras if x[0] <= n / 24] or amostras[:1]
    fila, fila_inicio = max(x[1] for x in amostras), max(x[1] for x in primeira)
    # memory settles as the first jobs warm every path up
    assentado = [x[2] for x in amostras if x[0] > n / 24] or [amostras[-1][2]]
    cresce = assentado[-1] / assentado[0]
    certo = fila <= max(FILA_MAXIMA_MB, CRESCE_MAXIMO * fila_inicio) and cresce <= RSS_MAXIMO
    return {
        "bench": "fila_dia",
        "n": n,
        "duracao_s": round(duracao, 1),
        "por_s": round(n / duracao, 1),
        "fila_mb_inicio": round(fila_inicio, 2),
        "fila_mb_max": round(fila, 2),
        "fila_mb_fim": round(amostras[-1][1], 2),
        "rss_mb_inicio": round(assentado[0], 1),
        "rss_mb_fim": round(assentado[-1], 1),
        "rss_cresce": round(cresce, 3),
        "exigido": "ok" if certo else "falhou",
    }


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--n", type=int, default=1_000_000)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="fila-") as pasta:
        Path(pasta).chmod(0o711)
        print(json.dumps(asyncio.run(medir(Path(pasta), lido.n))))


if __name__ == "__main__":
    main()
