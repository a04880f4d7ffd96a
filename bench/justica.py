"""Fairness between tenants that share workers (T13): a giant beside a small one, then equals among themselves.

    python -m bench.justica --gigante 1000000 --pequeno 100

Prints one JSON line. The giant's people are in its campaign's log when it starts, as the feeder finds them; the small
tenant starts a second later on a number of its own. `alem_do_ideal_s` is what it took beyond its number alone at the
limiter's pace; `jain` is the index of what each equal tenant had got out when the first of them was through.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.caos.arena import WORKER, Arena, Numero, ate, montar
from tests.caos.conferencia import maior_janela

RITMO = 69.0
ALEM_MAXIMO_S = 3.0
JAIN_MINIMO = 0.95


def jain(partes: list[int]) -> float:
    """1: all the same; 1/n: one got everything."""
    return sum(partes) ** 2 / (len(partes) * sum(x * x for x in partes))


async def gigante_e_pequeno(arena: Arena, gigante: int, pequeno: int) -> dict[str, Any]:
    grande, menor = await arena.novo_numero(1), await arena.novo_numero(pequeno)
    await arena.disparar(grande)
    await asyncio.to_thread(engrossar, arena, grande, gigante)
    arena.workers = [arena.iniciar(*WORKER) for _ in range(2)]
    await ate(lambda: _chegou(arena, grande, 50), 60, "o gigante começar")
    await asyncio.sleep(1)
    inicio = time.time()
    await arena.disparar(menor)
    await ate(lambda: _chegou(arena, menor, pequeno), 60 + pequeno / 10, "o pequeno terminar")
    livro = await arena.livro()
    dele = sorted(c.quando / 1000 for c in livro if c.numero == menor.numero_id_externo)
    do_grande = [c.quando / 1000 for c in livro if c.numero == grande.numero_id_externo]
    [esperam] = arena.consultar(
        "select count(*) as n from campanhas_log where campanha_id = %s and status = 'PENDENTE'", [grande.campanha]
    )
    alem = dele[pequeno - 1] - inicio - pequeno / RITMO
    for worker in arena.workers:
        worker.terminate()
        await asyncio.to_thread(worker.wait)
    arena.workers = []
    return {
        "gigante": gigante,
        "pequeno": pequeno,
        "pequeno_s": round(dele[pequeno - 1] - inicio, 2),
        "alem_do_ideal_s": round(alem, 2),
        "gigante_por_s_durante": round(sum(inicio < x < dele[pequeno - 1] for x in do_grande) / (dele[-1] - inicio), 1),
        "gigante_espera": esperam["n"],
        "maior_janela": max(
            maior_janela(c.quando for c in livro if c.numero == n.numero_id_externo) for n in (grande, menor)
        ),
    }


async def iguais(arena: Arena, quantos: int, cada: int) -> dict[str, Any]:
    numeros = [await arena.novo_numero(cada) for _ in range(quantos)]
    arena.workers = [arena.iniciar(*WORKER) for _ in range(2)]
    await asyncio.sleep(3)
    for numero in numeros:
        await arena.disparar(numero)
    nomes = {n.numero_id_externo for n in numeros}

    async def primeiro() -> bool:
        contagem = Counter(c.numero for c in await arena.livro() if c.numero in nomes)
        return max(contagem.values(), default=0) >= cada

    await ate(primeiro, 60 + quantos * cada / 20, "o primeiro terminar")
    livro = sorted((c for c in await arena.livro() if c.numero in nomes), key=lambda c: c.quando)
    contagem: Counter[str] = Counter()
    for chegada in livro:
        contagem[chegada.numero] += 1
        if contagem[chegada.numero] == cada:
            break
    partes = [contagem[n] for n in sorted(nomes)]
    return {"iguais": quantos, "cada": cada, "partes": partes, "jain": round(jain(partes), 4)}


def engrossar(arena: Arena, numero: Numero, pessoas: int) -> None:
    """`pessoas` more recipients, as freezing a large audience leaves them; without the triggers' cost per row."""
    conexao = arena.conectar()
    argumentos = {"n": pessoas, "c": numero.cena.cliente_id, "k": numero.campanha}
    with contextlib.closing(conexao), conexao.transaction():
        conexao.execute("set local session_replication_role = replica")
        conexao.execute(
            "with novos as (insert into contatos (cliente_id, nome, telefone) select %(c)s, 'Pessoa ' || n,"
            " '+5521' || (900000000 + n) from generate_series(1, %(n)s) as n returning id, telefone)"
            " insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone, parametros, status)"
            " select %(c)s, %(k)s, v.id, v.telefone, l.parametros, 'PENDENTE' from novos as v cross join lateral"
            " (select parametros from campanhas_log where campanha_id = %(k)s limit 1) as l",
            argumentos,
        )
        conexao.execute(
            "update campanhas_totais set total = total + %(n)s where campanha_id = %(k)s and chave = 'PENDENTE'",
            argumentos,
        )


async def _chegou(arena: Arena, numero: Numero, quantas: int) -> bool:
    return sum(c.numero == numero.numero_id_externo for c in await arena.livro()) >= quantas


async def medir(pasta: Path, gigante: int, pequeno: int, quantos: int, cada: int) -> dict[str, Any]:
    async with montar(pasta) as arena:
        await arena.controle("PUT", "/scenario", json={"meta": {"latency_ms": [20, 40]}})
        # statuses wait, so that their processing is not counted as sending
        await arena.controle("POST", "/webhooks/pause")
        figuras = {"bench": "justica", **await gigante_e_pequeno(arena, gigante, pequeno)}
        arena.admin.execute("update campanhas set status = 'PAUSADA' where status = 'EM_ANDAMENTO'")
        figuras |= await iguais(arena, quantos, cada)
    certo = figuras["alem_do_ideal_s"] <= ALEM_MAXIMO_S and figuras["jain"] >= JAIN_MINIMO
    return {**figuras, "exigido": "ok" if certo else "falhou"}


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for nome, normal in (("gigante", 1_000_000), ("pequeno", 100), ("iguais", 10), ("cada", 300)):
        leitor.add_argument(f"--{nome}", type=int, default=normal)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="justica-") as pasta:
        Path(pasta).chmod(0o711)
        print(json.dumps(asyncio.run(medir(Path(pasta), lido.gigante, lido.pequeno, lido.iguais, lido.cada))))


if __name__ == "__main__":
    main()
