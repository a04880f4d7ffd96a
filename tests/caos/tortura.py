"""A campaign while processes die: the figures of one run, as one JSON line.

    python -m tests.caos.tortura --n 10000 --semente 1 [--numeros 2] [--valkey] [--postgres] [--congela]

Status 1 when the contract of `conferencia` did not hold. Every wait has an end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.caos.arena import WORKER, Arena, ate, montar
from tests.caos.conferencia import Veredito, conferir


@dataclass(frozen=True)
class Plano:
    """What to do to the campaign. `prazo_s`: how long it may take to conclude."""

    n: int = 10_000
    semente: int = 1
    numeros: int = 1
    workers: int = 3
    mata_s: float = 2.0
    congela: bool = False
    valkey: bool = False
    postgres: bool = False
    falhas: bool = True
    programa: Sequence[str] = WORKER
    prazo_s: float = 420.0


def regras() -> list[dict[str, Any]]:
    """2 % of the answers lost after acceptance, 1 % 5xx after acceptance, webhooks late, shuffled and repeated."""

    def depois(ratio: float, **acao: Any) -> dict[str, Any]:
        return {"stage": "post_accept", "match": {"ratio": ratio, "path": "/messages"}, "action": acao}

    return [
        depois(0.01, kind="hang"),
        depois(0.01, kind="reset"),
        depois(0.01, kind="status", http=500),
        {"stage": "webhook", "match": {"ratio": 0.7}, "action": {"kind": "delay_webhook", "ms": [100, 2000]}},
        {"stage": "webhook", "match": {"ratio": 0.1}, "action": {"kind": "dup_webhook", "times": 1}},
    ]


async def torturar(pasta: Path, plano: Plano) -> tuple[Veredito, dict[str, Any]]:
    """Run the plan; the verdict and the figures."""
    async with montar(pasta, semente=plano.semente) as arena:
        await arena.controle(
            "PUT",
            "/scenario",
            json={
                "seed": plano.semente,
                "meta": {"latency_ms": [20, 60]},
                "webhook": {"batch": {"max_items": 5, "linger_ms": 50}},
                "faults": regras() if plano.falhas else [],
            },
        )
        for _ in range(plano.numeros):
            await arena.novo_numero(plano.n)
        arena.workers = [arena.iniciar(*plano.programa) for _ in range(plano.workers)]
        await asyncio.sleep(1.5)
        inicio = time.monotonic()
        for numero in arena.numeros:
            await arena.disparar(numero)
        algozes = [asyncio.create_task(x) for x in _algozes(arena, plano)]
        try:
            await _esperar_conclusao(arena, plano, algozes)
            duracao = time.monotonic() - inicio
        finally:
            for algoz in algozes:
                algoz.cancel()
            await asyncio.gather(*algozes, return_exceptions=True)
        return await _julgar(arena, plano, duracao)


def _algozes(arena: Arena, plano: Plano) -> list[Any]:
    algozes = []
    if plano.mata_s:
        algozes.append(_matar(arena, plano))
    if plano.congela:
        algozes.append(_congelar(arena))
    if plano.valkey or plano.postgres:
        algozes.append(_derrubar(arena, plano))
    return algozes


async def _matar(arena: Arena, plano: Plano) -> None:
    while True:
        await asyncio.sleep(plano.mata_s)
        arena.matar_um(plano.programa)


async def _congelar(arena: Arena) -> None:
    while True:
        await asyncio.sleep(7)
        vitima = arena.sorte.choice(arena.workers)
        with contextlib.suppress(ProcessLookupError):
            vitima.send_signal(signal.SIGSTOP)
            await asyncio.sleep(arena.sorte.uniform(1, 5))
            vitima.send_signal(signal.SIGCONT)


async def _derrubar(arena: Arena, plano: Plano) -> None:
    """Servers fall in turn, every 12 s: a flush, a database crash, a Valkey kill with 3 s of absence."""
    while True:
        if plano.valkey:
            await asyncio.sleep(12)
            await asyncio.to_thread(_esvaziar, arena)
        if plano.postgres:
            await asyncio.sleep(12)
            await asyncio.to_thread(arena.derrubar_postgres)
        if plano.valkey:
            await asyncio.sleep(12)
            await asyncio.to_thread(arena.derrubar_valkey)
            await asyncio.sleep(3)
            await asyncio.to_thread(arena.valkey.iniciar)


def _esvaziar(arena: Arena) -> None:
    from redis import Redis

    with Redis.from_url(arena.valkey.url) as redis:
        redis.flushall()


async def _esperar_conclusao(arena: Arena, plano: Plano, algozes: Sequence[asyncio.Task[None]]) -> None:
    campanhas = [n.campanha for n in arena.numeros]

    def concluidas() -> bool:
        for algoz in algozes:
            if algoz.done():
                algoz.result()
        linhas = arena.consultar("select status from campanhas where id = any (%s)", [campanhas])
        return all(x["status"] == "CONCLUIDA" for x in linhas)

    await ate(concluidas, plano.prazo_s, "a campanha concluir")


async def _julgar(arena: Arena, plano: Plano, duracao: float) -> tuple[Veredito, dict[str, Any]]:
    """Wait until the provider has told everything and the queue is empty, then judge."""
    incertas = arena.consultar("select count(*) as n from campanhas_log where status = 'INCERTO'")[0]["n"]

    async def assentou() -> bool:
        # what is still due are readings, up to a minute later: they change no state
        veredito = conferir(await arena.livro(), arena.banco())
        return not veredito.especies & {"perdida", "fila"}

    # not settled in time: the judge says what is wrong
    with contextlib.suppress(AssertionError):
        await ate(assentou, 60, "os webhooks chegarem")
    livro, banco = await arena.livro(), arena.banco()
    veredito = conferir(livro, banco)
    if len(banco.pessoas) != plano.n * plano.numeros:
        veredito.acusar("soma", f"{len(banco.pessoas)} destinatários, esperados {plano.n * plano.numeros}")
    resumo = await arena.controle("GET", "/ledger/summary")
    if resumo["same_content_same_recipient_duplicates"]:
        veredito.acusar("duplicada", f"pelo livro: {resumo['same_content_same_recipient_duplicates'][:3]}")
    return veredito, _figuras(arena, plano, duracao, veredito, incertas)


def _figuras(arena: Arena, plano: Plano, duracao: float, veredito: Veredito, incertas: int) -> dict[str, Any]:
    [ja] = arena.consultar("select count(distinct id) as n from caos.estados")
    [sobra] = arena.consultar("select count(*) as n from campanhas_log where status = 'INCERTO'")
    [travas] = arena.consultar("select sum(deadlocks)::int as n from pg_stat_database")
    atrasos = sorted(
        float(x["p99"])
        for x in arena.consultar(
            "select metricas #>> '{atraso,p99_ms}' as p99 from processos"
            " where (metricas #>> '{atraso,amostras}')::int >= 100"
        )
    )
    return {
        "bench": "tortura",
        "n": plano.n * plano.numeros,
        "numeros": plano.numeros,
        "semente": plano.semente,
        "duracao_s": round(duracao, 1),
        "aceitas_por_s": round(veredito.figuras["aceitas"] / duracao, 1),
        "mortes": arena.mortes,
        "incertas": ja["n"],
        "incertas_ao_concluir": incertas,
        "incertas_sem_resposta": sobra["n"],
        "atraso_p99_ms": atrasos[len(atrasos) // 2] if atrasos else None,
        "impasses": travas["n"],
        **veredito.figuras,
        "violacoes": {especie: len(textos) for especie, textos in veredito.violacoes.items()},
    }


def main(argumentos: Sequence[str] | None = None) -> int:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--n", type=int, default=10_000)
    leitor.add_argument("--semente", type=int, default=1)
    leitor.add_argument("--numeros", type=int, default=1)
    leitor.add_argument("--workers", type=int, default=3)
    leitor.add_argument("--mata-s", type=float, default=2.0)
    leitor.add_argument("--prazo-s", type=float, default=420.0)
    for opcao in ("valkey", "postgres", "congela", "calma"):
        leitor.add_argument(f"--{opcao}", action="store_true")
    leitor.add_argument("--pasta", type=Path)
    lido = vars(leitor.parse_args(argumentos))
    pasta, calma = lido.pop("pasta"), lido.pop("calma")
    if calma:
        lido |= {"mata_s": 0.0, "falhas": False}
    with contextlib.ExitStack() as pilha:
        pasta = pasta or Path(pilha.enter_context(tempfile.TemporaryDirectory(prefix="caos-")))
        pasta.chmod(0o711)
        veredito, figuras = asyncio.run(torturar(pasta, Plano(**lido)))
    print(json.dumps(figuras))
    if veredito.especies:
        print(veredito.resumo(), file=sys.stderr)
    return 1 if veredito.especies else 0


if __name__ == "__main__":
    sys.exit(main())
