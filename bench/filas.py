"""Our queue beside others on one server with durable settings: drain, depth, fairness, old snapshot, latency.

    python -m bench filas

Every system does jobs that do nothing; runs are interleaved and repeated, and the median counts. CPU per job (client
and server) is the figure to compare: rates swing with the machine. One JSON line for each comparison, with what is
required of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row
from redis.asyncio import Redis

from app.embutido import ServidorPostgres, ServidorValkey
from app.migracao import migrar
from bench._fila_nossa import Nossa
from bench._filas_alheias import Bruta, Fila, PgQueuerAsyncpg, Procrastinate
from bench._medidor import Medidor

NUMEROS_JUSTICA: Final = 200
FSYNCS: Final = 0.15
COMANDOS: Final = 0.25


@dataclass(frozen=True)
class _Config:
    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


def dizer(bench: str, cumpre: bool, **figuras: Any) -> None:
    print(json.dumps({"bench": f"filas.{bench}", "exigido": "ok" if cumpre else "falhou", **figuras}), flush=True)


class Bancada:
    def __init__(self, servidor: ServidorPostgres, valkey: ServidorValkey, n: int, vezes: int) -> None:
        self._servidor = servidor
        self._admin = psycopg.connect(servidor.url(), autocommit=True, row_factory=dict_row)
        self._url_redis = valkey.url
        self._redis = Redis.from_url(valkey.url, socket_timeout=None)
        self._medidor = Medidor(servidor, self._admin)
        self._n, self._vezes = n, vezes

    def _banco(self, nome: str) -> str:
        self._admin.execute(f"create database {nome}")
        return self._servidor.url(banco=nome, tcp=True)

    def _nossa(self, numeros: int = 4) -> Nossa:
        url_worker = self._servidor.url("crm_worker", "senha-crm_worker")
        return Nossa(url_worker, self._servidor.url(), self._admin, self._redis, self._url_redis, numeros)

    async def comparar(self) -> None:
        """Drain the same number of jobs with each system, in turns; then bulk and latency."""
        filas: list[Fila] = [
            self._nossa(),
            Bruta(self._banco("bruta")),
            Procrastinate(self._banco("procrastinate")),
            PgQueuerAsyncpg(self._banco("pgqueuer")),
        ]
        custos: dict[str, list[dict[str, float]]] = {f.nome: [] for f in filas}
        for fila in filas:
            await fila.preparar()
        for _ in range(self._vezes):
            for fila in filas:
                n = self._n if fila.nome != "procrastinate" else self._n // 10
                await fila.encher(n)
                with self._medidor.medir() as custo:
                    await fila.drenar(n)
                custos[fila.nome].append(custo.por(n))
        mediana = {
            nome: {k: statistics.median(c[k] for c in feitas) for k in feitas[0]} for nome, feitas in custos.items()
        }
        self._dizer_dreno(mediana)
        await self._latencia([f for f in filas if f.nome in ("balcao", "pgqueuer")])
        await self._enfileirar([f for f in filas if f.nome != "bruta"])
        for fila in filas:
            await fila.fechar()

    def _dizer_dreno(self, m: dict[str, dict[str, float]]) -> None:
        nossa, bruta, procrastinate, pgqueuer = (m[n] for n in ("balcao", "bruta", "procrastinate", "pgqueuer"))
        dizer(
            "dreno.procrastinate",
            nossa["por_s"] >= 15 * procrastinate["por_s"] and nossa["cpu_us"] * 12 <= procrastinate["cpu_us"],
            vezes_ritmo=round(nossa["por_s"] / procrastinate["por_s"], 1),
            cpu=round(nossa["cpu_us"] / procrastinate["cpu_us"], 3),
            eles=procrastinate,
        )
        dizer(
            "dreno.pgqueuer",
            nossa["por_s"] >= 1.5 * pgqueuer["por_s"] and nossa["cpu_us"] <= 0.6 * pgqueuer["cpu_us"],
            vezes_ritmo=round(nossa["por_s"] / pgqueuer["por_s"], 2),
            cpu=round(nossa["cpu_us"] / pgqueuer["cpu_us"], 3),
            eles=pgqueuer,
        )
        dizer(
            "dreno.laco_bruto",
            nossa["cpu_us"] <= 1.67 * bruta["cpu_us"],
            cpu=round(nossa["cpu_us"] / bruta["cpu_us"], 2),
            eles=bruta,
        )
        dizer("dreno.custo", nossa["comandos"] <= COMANDOS and nossa["fsyncs"] <= FSYNCS, **nossa)

    async def _enfileirar(self, filas: list[Fila]) -> None:
        """Bulk enqueue, 1,000 jobs a call; and what the feeders of campaigns do, who also move the recipients."""
        n = self._n // 2
        ritmos: dict[str, float] = {}
        for fila in filas:
            feitas = []
            for _ in range(self._vezes):
                inicio = time.monotonic()
                await fila.encher(n)
                feitas.append(n / (time.monotonic() - inicio))
            ritmos[fila.nome] = round(statistics.median(feitas))
        alimentados = []
        for _ in range(self._vezes):
            self._admin.execute("truncate fila")
            nossa = self._nossa()
            await nossa.preparar()
            alimentados.append(n / await nossa.alimentar(n))
            await nossa.fechar()
        self._admin.execute("truncate fila")
        dizer(
            "enfileirar",
            ritmos["balcao"] >= 3 * ritmos["procrastinate"],
            por_s=ritmos,
            alimentador_por_s=round(statistics.median(alimentados)),
        )

    async def _latencia(self, filas: list[Fila]) -> None:
        medidas: dict[str, list[float]] = {f.nome: [] for f in filas}
        for _ in range(self._vezes):
            for fila in filas:
                medidas[fila.nome] += await fila.latencias(200, 50)
        p50 = {nome: round(statistics.median(x) * 1000, 2) for nome, x in medidas.items()}
        p99 = {nome: round(statistics.quantiles(x, n=100)[98] * 1000, 1) for nome, x in medidas.items()}
        dizer("latencia", p50["balcao"] <= 1.3 * p50["pgqueuer"], p50_ms=p50, p99_ms=p99)

    async def profundidade(self, muitas: int) -> None:
        """CPU per job with a short queue and with a very long one."""
        nossa = self._nossa()
        await nossa.preparar()
        custo = {}
        for linhas in (20_000, muitas):
            await nossa.encher(linhas)
            self._admin.execute("vacuum analyze fila")
            nossa.feitos.clear()
            with self._medidor.medir() as medido:
                async with nossa.worker():
                    await nossa.esperar(18_000)
            custo[linhas] = medido.por(nossa.feitos.total())["cpu_us"]
            self._admin.execute("truncate fila")
        razao = custo[muitas] / custo[20_000]
        dizer("profundidade", razao <= 1.2, cpu_us=custo, razao=round(razao, 2))
        await nossa.fechar()

    async def justica(self, linhas: int) -> None:
        """200 numbers, one of which holds half of everything and came first."""
        nossa = self._nossa(NUMEROS_JUSTICA)
        await nossa.preparar()
        nossa.por(nossa.numeros[0], linhas // 2)
        for numero in nossa.numeros[1:]:
            nossa.por(numero, linhas // 2 // (NUMEROS_JUSTICA - 1))
        self._admin.execute("vacuum analyze fila")
        async with nossa.worker():
            await asyncio.sleep(1)
            nossa.feitos.clear()
            await asyncio.sleep(3)
            feitos = Counter(nossa.feitos)
        partes = [feitos[n.conexao_id] for n in nossa.numeros]
        jain = sum(partes) ** 2 / (len(partes) * sum(p * p for p in partes))
        prontas = await self._prontas()
        dizer(
            "justica",
            jain >= 0.95,
            jain=round(jain, 3),
            atendidos=sum(p > 0 for p in partes),
            feitos=sum(partes),
            prontas_ms=prontas,
        )
        self._admin.execute("truncate fila")
        await nossa.fechar()

    async def _prontas(self) -> float:
        tempos = []
        with psycopg.connect(self._servidor.url("crm_worker", "senha-crm_worker"), autocommit=True) as conexao:
            for _ in range(15):
                inicio = time.perf_counter()
                conexao.execute("select worker.fila_prontas()")
                tempos.append(time.perf_counter() - inicio)
        return round(statistics.median(tempos) * 1000, 2)

    async def instantaneo_antigo(self, segundos: float) -> None:
        """The same drain while somebody holds an old snapshot: the last quarter against the first."""
        nossa = self._nossa()
        await nossa.preparar()
        await nossa.encher(400_000)
        self._admin.execute("vacuum analyze fila")
        with psycopg.connect(self._servidor.url(), options="-c idle_in_transaction_session_timeout=0") as velha:
            velha.execute("set transaction isolation level repeatable read")
            velha.execute("select count(*) from clientes")
            async with nossa.worker():
                contas = []
                for _ in range(4):
                    antes = nossa.feitos.total()
                    await asyncio.sleep(segundos / 4)
                    contas.append(nossa.feitos.total() - antes)
            velha.rollback()
        dizer("instantaneo_antigo", contas[3] >= 0.7 * contas[0], razao=round(contas[3] / contas[0], 2), quartos=contas)
        self._admin.execute("truncate fila")
        await nossa.fechar()

    async def fechar(self) -> None:
        await self._redis.aclose()
        self._admin.close()


async def medir(pasta: Path, lido: argparse.Namespace) -> None:
    with ServidorPostgres(pasta / "pg") as servidor, ServidorValkey(pasta / "valkey") as valkey:
        migrar(_Config(servidor.url()))
        bancada = Bancada(servidor, valkey, lido.n, lido.vezes)
        await bancada.comparar()
        await bancada.profundidade(lido.muitas)
        await bancada.justica(lido.muitas)
        await bancada.instantaneo_antigo(lido.segundos)
        await bancada.fechar()


def main() -> None:
    leitor = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    leitor.add_argument("--n", type=int, default=20_000)
    leitor.add_argument("--vezes", type=int, default=3)
    leitor.add_argument("--muitas", type=int, default=1_000_000)
    leitor.add_argument("--segundos", type=float, default=6)
    lido = leitor.parse_args()
    with tempfile.TemporaryDirectory(prefix="filas-") as pasta:
        Path(pasta).chmod(0o711)
        asyncio.run(medir(Path(pasta), lido))


if __name__ == "__main__":
    main()
