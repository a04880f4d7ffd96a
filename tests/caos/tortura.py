"""Campaigns and conversations while everything falls: the figures of one run, as one JSON line.

    python -m tests.caos.tortura                # the big run: 10,000 people, 5 numbers of 2 tenants, 1,000 messages
    python -m tests.caos.tortura --calma        # the same, and nothing falls
    python -m tests.caos.tortura --n 600 --numeros 1 --clientes 1 --conversas 0 --quedas 0

A random worker is killed every second; PostgreSQL crashes, Valkey is flushed and killed, in turn, `--quedas` times
each; workers freeze; the provider loses answers, refuses, throttles, and tells late, twice and out of order. Status 1
when the contract of `conferencia` did not hold. Every wait has an end.
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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.caos.arena import WORKER, Arena, ate, montar
from tests.caos.conferencia import Veredito, conferir
from tests.caos.conversas import abrir_conversas, escrever_todas

INCERTAS = (
    "select (select count(*) from campanhas_log where status = 'INCERTO')"
    " + (select count(*) from mensagens where status = 'INCERTO') as n"
)


@dataclass(frozen=True)
class Plano:
    """What to do to them. `n`: people in all campaigns; `quedas`: how often each server falls, every `queda_s`."""

    n: int = 10_000
    semente: int = 1
    numeros: int = 5
    clientes: int = 2
    conversas: int = 100
    em_cada: int = 10
    workers: int = 6
    mata_s: float = 1.0
    congela: bool = True
    quedas: int = 3
    queda_s: float = 8.0
    falhas: bool = True
    desarranjo: Sequence[str] = ()
    programa: Sequence[str] = WORKER
    prazo_s: float = 1500.0

    @property
    def mensagens(self) -> int:
        return self.conversas * self.em_cada


CALMO: Final[dict[str, Any]] = {"mata_s": 0.0, "congela": False, "quedas": 0, "falhas": False}


def regras() -> list[dict[str, Any]]:
    """2 % of the answers lost after acceptance, 5xx after it and before it, throttles, webhooks late and repeated."""

    def de(stage: str, ratio: float, limit: int | None = None, **acao: Any) -> dict[str, Any]:
        return {"stage": stage, "match": {"ratio": ratio, "path": "/messages"}, "action": acao, "limit": limit}

    return [
        de("post_accept", 0.01, kind="hang"),
        de("post_accept", 0.01, kind="reset"),
        de("post_accept", 0.01, kind="status", http=500),
        de("pre_accept", 0.005, kind="status", http=500),
        de("pre_accept", 0.003, kind="reset"),
        # each of these shrinks the number's pace for a minute and more: a few are enough
        de("pre_accept", 0.002, 5, kind="error_code", code=130429),
        de("pre_accept", 0.005, 40, kind="error_code", code=131056),
        {"stage": "webhook", "match": {"ratio": 0.1}, "action": {"kind": "reorder_webhook"}},
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
        for sql in plano.desarranjo:
            arena.admin.execute(sql)
        sessoes = [await arena.novo_cliente() for _ in range(plano.clientes)]
        for i in range(plano.numeros):
            await arena.novo_numero(plano.n // plano.numeros, sessao=sessoes[i % plano.clientes])
        arena.workers = [arena.iniciar(*plano.programa) for _ in range(plano.workers)]
        falantes = arena.numeros[: plano.clientes]
        conversas = await abrir_conversas(arena, falantes, plano.conversas // len(falantes)) if plano.conversas else []
        inicio = time.monotonic()
        for numero in arena.numeros:
            await arena.disparar(numero)
        algozes = [asyncio.create_task(x) for x in _algozes(arena, plano)]
        escrita = asyncio.create_task(escrever_todas(arena, conversas, plano.em_cada, plano.n / 200))
        try:
            await _esperar_conclusao(arena, plano, escrita, algozes)
            duracao = time.monotonic() - inicio
        finally:
            escrita.cancel()
            for algoz in algozes:
                algoz.cancel()
            await asyncio.gather(escrita, *algozes, return_exceptions=True)
        return await _julgar(arena, plano, duracao)


def _algozes(arena: Arena, plano: Plano) -> list[Any]:
    algozes = []
    if plano.mata_s:
        algozes.append(_matar(arena, plano))
    if plano.congela:
        algozes.append(_congelar(arena))
    if plano.quedas:
        algozes.append(_derrubar(arena, plano))
    return algozes


async def _matar(arena: Arena, plano: Plano) -> None:
    while True:
        await asyncio.sleep(plano.mata_s)
        # in a thread: it asks the database, which may be down
        await asyncio.to_thread(arena.matar_um, plano.programa)


async def _congelar(arena: Arena) -> None:
    while True:
        await asyncio.sleep(7)
        vitima = arena.sorte.choice(arena.workers)
        with contextlib.suppress(ProcessLookupError):
            vitima.send_signal(signal.SIGSTOP)
            await asyncio.sleep(arena.sorte.uniform(1, 5))
            vitima.send_signal(signal.SIGCONT)


async def _derrubar(arena: Arena, plano: Plano) -> None:
    """Servers fall in turn: a flush, a database crash, a Valkey kill with 3 s of absence."""
    for _ in range(plano.quedas):
        await asyncio.sleep(plano.queda_s)
        await asyncio.to_thread(_esvaziar, arena)
        await asyncio.sleep(plano.queda_s)
        await asyncio.to_thread(arena.derrubar_postgres)
        await asyncio.sleep(plano.queda_s)
        await asyncio.to_thread(arena.derrubar_valkey)
        await asyncio.sleep(3)
        await asyncio.to_thread(arena.valkey.iniciar)


def _esvaziar(arena: Arena) -> None:
    from redis import Redis

    with Redis.from_url(arena.valkey.url) as redis:
        redis.flushall()


async def _esperar_conclusao(
    arena: Arena, plano: Plano, escrita: asyncio.Task[None], algozes: Sequence[asyncio.Task[None]]
) -> None:
    """Campaigns over, everything written and gone out, every fall had."""
    campanhas = [n.campanha for n in arena.numeros]

    def concluidas() -> bool:
        for tarefa in (escrita, *algozes):
            if tarefa.done():
                tarefa.result()
        linhas = arena.consultar("select status from campanhas where id = any (%s)", [campanhas])
        [fila] = arena.consultar("select count(*) as n from fila where execucao = 'ENVIO'")
        prontas = escrita.done() and not fila["n"] and arena.quedas_do_postgres >= plano.quedas
        return prontas and all(x["status"] == "CONCLUIDA" for x in linhas)

    # with a rule out of order it may well never end: the judge looks at what was left
    with contextlib.suppress(*([AssertionError] if plano.desarranjo else [])):
        await ate(lambda: asyncio.to_thread(concluidas), plano.prazo_s, "as campanhas e conversas terminarem")


async def _julgar(arena: Arena, plano: Plano, duracao: float) -> tuple[Veredito, dict[str, Any]]:
    """Wait until the provider has told everything and the queue is empty, then judge."""
    incertas = arena.consultar(INCERTAS)[0]["n"]

    async def assentou() -> bool:
        # what is still due are readings, up to a minute later: they change no state
        veredito = conferir(await arena.livro(), arena.banco())
        return not veredito.especies & {"perdida", "fila"}

    # not settled in time: the judge says what is wrong
    with contextlib.suppress(AssertionError):
        await ate(assentou, 60, "os webhooks chegarem")
    livro, banco = await arena.livro(), arena.banco()
    veredito = conferir(livro, replace(banco, esperadas=plano.n + plano.mensagens))
    resumo = await arena.controle("GET", "/ledger/summary")
    if resumo["same_content_same_recipient_duplicates"]:
        veredito.acusar("duplicada", f"pelo livro: {resumo['same_content_same_recipient_duplicates'][:3]}")
    return veredito, _figuras(arena, plano, duracao, veredito, incertas)


def _figuras(arena: Arena, plano: Plano, duracao: float, veredito: Veredito, incertas: int) -> dict[str, Any]:
    [ja] = arena.consultar("select count(distinct id) as n from caos.estados")
    [sobra] = arena.consultar(INCERTAS)
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
        "n": plano.n,
        "numeros": plano.numeros,
        "clientes": plano.clientes,
        "semente": plano.semente,
        "duracao_s": round(duracao, 1),
        "aceitas_por_s": round(veredito.figuras["aceitas"] / duracao, 1),
        "mortes": arena.mortes,
        "quedas_do_postgres": arena.quedas_do_postgres,
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
    normal = Plano()
    for nome in ("n", "semente", "numeros", "clientes", "conversas", "em_cada", "workers", "quedas"):
        leitor.add_argument(f"--{nome.replace('_', '-')}", type=int, default=getattr(normal, nome))
    for nome in ("mata_s", "queda_s", "prazo_s"):
        leitor.add_argument(f"--{nome.replace('_', '-')}", type=float, default=getattr(normal, nome))
    leitor.add_argument("--calma", action="store_true")
    leitor.add_argument("--pasta", type=Path)
    lido = vars(leitor.parse_args(argumentos))
    pasta, calma = lido.pop("pasta"), lido.pop("calma")
    if calma:
        lido |= CALMO
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
