"""What one run cost: wall time, CPU of this process and of the server, statements, WAL bytes and syncs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import psycopg

from app.embutido import ServidorPostgres

_CONTADORES = (
    "select (select coalesce(sum(calls), 0) from pg_stat_statements where toplevel and query not like '%pg_stat%')"
    "::float8 as comandos, (select wal_bytes from pg_stat_wal)::float8 as wal,"
    " (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal')::float8 as fsyncs"
)


@dataclass
class Custo:
    """Totals of a run; `por(n)` divides them by the jobs done."""

    segundos: float = 0.0
    cpu_cliente: float = 0.0
    cpu_servidor: float = 0.0
    comandos: float = 0.0
    wal: float = 0.0
    fsyncs: float = 0.0

    def por(self, n: int) -> dict[str, float]:
        return {
            "por_s": round(n / self.segundos),
            "cpu_us": round((self.cpu_cliente + self.cpu_servidor) / n * 1e6, 1),
            "cpu_servidor_us": round(self.cpu_servidor / n * 1e6, 1),
            "comandos": round(self.comandos / n, 3),
            "fsyncs": round(self.fsyncs / n, 3),
            "wal_bytes": round(self.wal / n),
        }


class Medidor:
    """Measures what happens inside `with medidor.medir() as custo`. Needs superuser and pg_stat_statements."""

    def __init__(self, servidor: ServidorPostgres, admin: psycopg.Connection[Any]) -> None:
        self._admin = admin
        admin.execute("create extension if not exists pg_stat_statements")
        self._pai = psutil.Process(int((servidor.dados / "postmaster.pid").read_text().split()[0]))

    @contextmanager
    def medir(self) -> Iterator[Custo]:
        custo = Custo()
        antes, servidor, cliente, inicio = self._ler(), self._cpu(), time.process_time(), time.monotonic()
        yield custo
        custo.segundos = time.monotonic() - inicio
        custo.cpu_cliente = time.process_time() - cliente
        custo.cpu_servidor = self._cpu() - servidor
        depois = self._ler()
        custo.comandos, custo.wal, custo.fsyncs = (depois[k] - antes[k] for k in ("comandos", "wal", "fsyncs"))

    def _ler(self) -> dict[str, float]:
        linha = self._admin.execute(_CONTADORES).fetchone()
        assert linha
        return dict(linha)

    def _cpu(self) -> float:
        """CPU of the backends; those that end inside the run are lost, so clients keep their connections open."""
        total = 0.0
        for processo in self._pai.children(recursive=True):
            try:
                total += sum(processo.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
        return total
