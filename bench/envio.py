"""One worker, one number, a simulator that answers in about 20 ms: what the whole send path makes of 80 a second.

    python -m bench.envio --n 2000

Prints one JSON line. `aceitas_por_s` is the slope of the provider's arrivals between the first and the last tenth, so
that start and end do not count; `cpu_ms_por_mensagem` is the worker's own CPU. The rate only counts as the worker's
when `atraso_p99_ms`, the lateness of its wake-ups, is 6 ms or less: above that the machine is the limit.
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

from tests.caos.arena import WORKER, Arena, ate, montar
from tests.caos.conferencia import conferir, maior_janela

TETO = 80
EXIGIDO = 0.93


async def medir(pasta: Path, n: int, latencia_ms: float) -> dict[str, Any]:
    async with montar(pasta) as arena:
        await arena.controle("PUT", "/scenario", json={"meta": {"latency_ms": [latencia_ms, latencia_ms * 1.5]}})
        # statuses wait, so that their processing is not counted as sending
        await arena.controle("POST", "/webhooks/pause")
        numero = await arena.novo_numero(n)
        arena.workers = [arena.iniciar(*WORKER)]
        worker = psutil.Process(arena.workers[0].pid)
        await asyncio.sleep(3)
        antes = sum(worker.cpu_times()[:2])
        inicio = time.monotonic()
        await arena.disparar(numero)

        def concluida() -> bool:
            [linha] = arena.consultar("select status from campanhas where id = %s", [numero.campanha])
            return bool(linha["status"] == "CONCLUIDA")

        await ate(concluida, 60 + n / 20, "a campanha concluir")
        duracao = time.monotonic() - inicio
        cpu = sum(worker.cpu_times()[:2]) - antes
        await asyncio.sleep(2.5)
        return await _figuras(arena, n, duracao, cpu)


async def _figuras(arena: Arena, n: int, duracao: float, cpu: float) -> dict[str, Any]:
    livro = await arena.livro()
    chegadas = sorted(c.quando for c in livro)
    a, b = len(chegadas) // 10, len(chegadas) * 9 // 10
    ritmo = (b - a) / (chegadas[b] - chegadas[a]) * 1000
    [processo] = arena.consultar("select metricas from processos order by visto_em desc limit 1")
    medidas = processo["metricas"]
    [conta] = medidas["numeros"]
    p99 = medidas["atraso"].get("p99_ms")
    veredito = conferir(livro, arena.banco())
    return {
        "bench": "envio",
        "n": n,
        "aceitas_por_s": round(ritmo, 1),
        "uso_do_teto": round(ritmo / TETO, 3),
        "duracao_s": round(duracao, 1),
        "atraso_p50_ms": medidas["atraso"].get("p50_ms"),
        "atraso_p99_ms": p99,
        "cpu_ms_por_mensagem": round(cpu / n * 1000, 2),
        "permissoes": conta["concedidas"],
        "perdidas": conta["perdidas"],
        "ritmo_permitido": conta["ritmo"],
        "concorrencia": conta["concorrencia"],
        "latencia_ms": round(conta["latencia_s"] * 1000, 1),
        "maior_janela": maior_janela(chegadas),
        "intencoes": veredito.figuras["intencoes"],
        "violacoes": sorted(veredito.especies),
        "exigido": "ok" if ritmo >= TETO * EXIGIDO else ("falhou" if p99 is not None and p99 <= 6 else "maquina"),
    }


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--n", type=int, default=2000)
    leitor.add_argument("--latencia-ms", type=float, default=20)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="envio-") as pasta:
        Path(pasta).chmod(0o711)
        print(json.dumps(asyncio.run(medir(Path(pasta), lido.n, lido.latencia_ms))))


if __name__ == "__main__":
    main()
