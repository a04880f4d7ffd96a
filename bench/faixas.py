"""A person answers while a campaign of 100,000 waits on the same number: how long until the answer is at the provider.

    python -m bench.faixas --campanha 100000 --segundos 60

Meanwhile the simulator's people write to the number, 15 a second. Prints one JSON line: latency from the commit of the
answer to its arrival, the campaign's own pace, and the largest window of one second at the receiver. The figures count
only when `atraso_p99_ms`, the lateness of the worker's wake-ups, is 6 ms or less: above that the machine is the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.caos.arena import WORKER, Arena, Numero, ate, montar
from tests.caos.conferencia import maior_janela
from tests.sql.cenas import escrever

EXIGIDO_MS = 300
PESSOAS = 2000


async def medir(pasta: Path, opcoes: argparse.Namespace) -> dict[str, Any]:
    async with montar(pasta) as arena:
        latencia = [opcoes.latencia_ms, opcoes.latencia_ms * 1.5]
        await arena.controle("PUT", "/scenario", json={"meta": {"latency_ms": latencia}})
        numero = await arena.novo_numero(opcoes.campanha)
        arena.workers = [arena.iniciar(*WORKER) for _ in range(opcoes.workers)]
        await asyncio.sleep(3)
        await _disparar(arena, numero)
        escrevendo = asyncio.create_task(_pessoas(arena, numero, opcoes.entradas_por_s))
        await ate(lambda: _conversas(arena, numero), 60, "alguém escrever")
        await asyncio.sleep(5)
        respostas = await _atender(arena, numero, opcoes.segundos, opcoes.respostas_por_s)
        await asyncio.sleep(3)
        escrevendo.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await escrevendo
        return await _figuras(arena, opcoes, respostas)


async def _disparar(arena: Arena, numero: Numero) -> None:
    args = numero.cena.sessao.args
    criada = await arena.chamar_api(
        "api.campanha_criar",
        {
            **args,
            "p_nome": "Novembro",
            "p_conexao_id": numero.cena.conexao_id,
            "p_modelo_id": numero.cena.modelo_id,
            "p_variaveis": {"1": "{{contato.nome|cliente}}", "2": "10%"},
            "p_filtro": {},
        },
    )
    await arena.chamar_api("api.campanha_iniciar", {**args, "p_id": criada["id"]})


async def _pessoas(arena: Arena, numero: Numero, por_s: float) -> None:
    """Users write to the number at an even pace."""
    telefones = [
        x["telefone"]
        for x in arena.consultar(
            "select telefone from contatos where cliente_id = %s order by id desc limit %s",
            [numero.cena.cliente_id, PESSOAS],
        )
    ]
    for n in range(10**9):
        await arena.controle(
            "POST",
            "/inbound",
            json={
                "to_number": numero.numero_id_externo,
                "from": telefones[n % len(telefones)],
                "content": {"body": f"oi {n}"},
            },
        )
        await asyncio.sleep(1 / por_s)


def _conversas(arena: Arena, numero: Numero) -> list[Any]:
    return [
        x["id"]
        for x in arena.consultar(
            "select id from conversas where cliente_id = %s and janela_expira_em > now()", [numero.cena.cliente_id]
        )
    ]


async def _atender(arena: Arena, numero: Numero, segundos: float, por_s: float) -> dict[str, float]:
    """Message id → when its answer was committed, in milliseconds."""
    respostas: dict[str, float] = {}
    respondidas: set[Any] = set()
    sorte = random.Random(7)
    fim = time.monotonic() + segundos
    while time.monotonic() < fim:
        # each person once: the pace with one person is another rule, and another wait
        if not (livres := [c for c in _conversas(arena, numero) if c not in respondidas]):
            await asyncio.sleep(0.1)
            continue
        respondidas.add(conversa := sorte.choice(livres))
        mensagem = escrever(arena.admin, numero.cena, conversa, "já respondo")
        respostas[str(mensagem)] = time.time() * 1000
        await asyncio.sleep(sorte.uniform(0.5, 1.5) / por_s)
    return respostas


async def _figuras(arena: Arena, opcoes: argparse.Namespace, respostas: dict[str, float]) -> dict[str, Any]:
    livro = await arena.livro()
    alvos = {
        str(x["id"]): str(x["alvo_id"])
        for x in arena.consultar("select id, alvo_id from tentativas where alvo_tipo = 'MENSAGEM'")
    }
    esperas = sorted(c.quando - respostas[a] for c in livro if (a := alvos.get(c.callback)) in respostas)
    inicio, fim = min(respostas.values()), max(respostas.values())
    de_campanha = sum(1 for c in livro if c.callback not in alvos and inicio <= c.quando <= fim)
    [processo] = arena.consultar("select metricas from processos order by visto_em desc limit 1")
    medidas = processo["metricas"]
    [conta] = medidas["numeros"]
    p99 = esperas[min(len(esperas) - 1, int(len(esperas) * 0.99))]
    atraso = medidas["atraso"].get("p99_ms")
    ritmo = len([c for c in livro if inicio <= c.quando <= fim]) / (fim - inicio) * 1000
    return {
        "bench": "faixas",
        "campanha": opcoes.campanha,
        "respostas": len(respostas),
        "chegaram": len(esperas),
        "p50_ms": round(esperas[len(esperas) // 2], 1),
        "p99_ms": round(p99, 1),
        "maxima_ms": round(esperas[-1], 1),
        "campanha_por_s": round(de_campanha / (fim - inicio) * 1000, 1),
        "saidas_por_s": round(ritmo, 1),
        "ritmo_permitido": conta["ritmo"],
        "maior_janela": maior_janela(c.quando for c in livro),
        "atraso_p99_ms": atraso,
        "exigido": "ok" if p99 <= EXIGIDO_MS else ("falhou" if atraso is not None and atraso <= 6 else "maquina"),
    }


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--campanha", type=int, default=100_000)
    leitor.add_argument("--segundos", type=float, default=60)
    leitor.add_argument("--latencia-ms", type=float, default=20)
    leitor.add_argument("--entradas-por-s", type=float, default=15)
    leitor.add_argument("--respostas-por-s", type=float, default=3)
    leitor.add_argument("--workers", type=int, default=1)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="faixas-") as pasta:
        Path(pasta).chmod(0o711)
        print(json.dumps(asyncio.run(medir(Path(pasta), lido))))


if __name__ == "__main__":
    main()
