"""One worker and a simulator that answers in about 20 ms: what the whole send path makes of 80 a second.

    python -m bench.envio --n 2000
    python -m bench.envio --n 4000 --numeros 20

Prints one JSON line. `aceitas_por_s` is the slope of the provider's arrivals between the first and the last tenth, so
that start and end do not count; `cpu_ms_por_mensagem` is the worker's own CPU, beside that of a bare client
(`cpu_ms_aiohttp`) that posts the same bytes to the same simulator, ten at a time and paced alike. The rate only counts
as the worker's when `atraso_p99_ms`, the lateness of its wake-ups, is 6 ms or less: above that the machine is the
limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import psutil

from tests.caos.arena import WORKER, Arena, Numero, ate, montar
from tests.caos.conferencia import conferir, maior_janela

TETO = 80
EXIGIDO = 0.93


async def medir(pasta: Path, n: int, latencia_ms: float, numeros: int) -> dict[str, Any]:
    async with montar(pasta) as arena:
        await arena.controle("PUT", "/scenario", json={"meta": {"latency_ms": [latencia_ms, latencia_ms * 1.5]}})
        # statuses wait, so that their processing is not counted as sending
        await arena.controle("POST", "/webhooks/pause")
        todos = [await arena.novo_numero(n // numeros) for _ in range(numeros)]
        arena.workers = [arena.iniciar(*WORKER)]
        worker = psutil.Process(arena.workers[0].pid)
        await asyncio.sleep(3)
        antes = sum(worker.cpu_times()[:2])
        inicio = time.monotonic()
        for numero in todos:
            await arena.disparar(numero)

        def concluidas() -> bool:
            [linha] = arena.consultar("select bool_and(status = 'CONCLUIDA') as fim from campanhas")
            return bool(linha["fim"])

        await ate(concluidas, 60 + n / 20, "as campanhas concluírem")
        duracao = time.monotonic() - inicio
        cpu = sum(worker.cpu_times()[:2]) - antes
        await asyncio.sleep(2.5)
        figuras = await _figuras(arena, n, duracao, cpu)
        return {**figuras, "numeros": numeros, "cpu_ms_aiohttp": await _so_o_cliente(arena, todos[0], min(n, 1000))}


async def _so_o_cliente(arena: Arena, numero: Numero, n: int) -> float:
    """CPU of posting the same message with aiohttp alone, at the pace of one number, in milliseconds for each."""
    corpo = {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "5511988887777", "type": "template",
        "template": {
            "name": "promo", "language": {"code": "pt_BR"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Pessoa"}, {"type": "text", "text": "10%"}]}
            ],
        },
        "biz_opaque_callback_data": "00000000-0000-0000-0000-000000000000",
    }  # fmt: skip
    url = f"{arena.config.meta_api_url}/{arena.config.meta_api_versao}/{numero.numero_id_externo}/messages"
    cabecalhos = {"Authorization": f"Bearer {numero.token}", "Content-Type": "application/json"}
    vez = asyncio.Semaphore(10)
    async with aiohttp.ClientSession() as sessao:

        async def um() -> None:
            async with vez, sessao.post(url, data=msgspec.json.encode(corpo), headers=cabecalhos) as resposta:
                await resposta.read()

        antes = time.process_time()
        tarefas = []
        for _ in range(n):
            tarefas.append(asyncio.create_task(um()))
            await asyncio.sleep(1 / TETO)
        await asyncio.gather(*tarefas)
        return round((time.process_time() - antes) / n * 1000, 2)


async def _figuras(arena: Arena, n: int, duracao: float, cpu: float) -> dict[str, Any]:
    livro = await arena.livro()
    chegadas = sorted(c.quando for c in livro)
    a, b = len(chegadas) // 10, len(chegadas) * 9 // 10
    ritmo = (b - a) / (chegadas[b] - chegadas[a]) * 1000
    [processo] = arena.consultar("select metricas from processos order by visto_em desc limit 1")
    medidas = processo["metricas"]
    conta = medidas["numeros"][0]
    p99 = medidas["atraso"].get("p99_ms")
    veredito = conferir(livro, arena.banco())
    por_numero: dict[str, list[int]] = {}
    for chegada in livro:
        por_numero.setdefault(chegada.numero, []).append(chegada.quando)
    # twenty numbers ask more than one process can give: only the pace of one is demanded
    cumpriu = ritmo >= TETO * EXIGIDO
    return {
        "bench": "envio",
        "n": n,
        "aceitas_por_s": round(ritmo, 1),
        "uso_do_teto": round(ritmo / TETO / len(arena.numeros), 3),
        "duracao_s": round(duracao, 1),
        "atraso_p50_ms": medidas["atraso"].get("p50_ms"),
        "atraso_p99_ms": p99,
        "cpu_ms_por_mensagem": round(cpu / n * 1000, 2),
        "permissoes": conta["concedidas"],
        "perdidas": conta["perdidas"],
        "ritmo_permitido": conta["ritmo"],
        "concorrencia": conta["concorrencia"],
        "latencia_ms": round(conta["latencia_s"] * 1000, 1),
        "maior_janela": max(maior_janela(sorted(x)) for x in por_numero.values()),
        "intencoes": veredito.figuras["intencoes"],
        "violacoes": sorted(veredito.especies),
        "exigido": "ok" if cumpriu else ("falhou" if p99 is not None and p99 <= 6 else "maquina"),
    }


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--n", type=int, default=2000)
    leitor.add_argument("--latencia-ms", type=float, default=20)
    leitor.add_argument("--numeros", type=int, default=1)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="envio-") as pasta:
        Path(pasta).chmod(0o711)
        print(json.dumps(asyncio.run(medir(Path(pasta), lido.n, lido.latencia_ms, lido.numeros))))


if __name__ == "__main__":
    main()
