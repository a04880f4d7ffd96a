"""The queues that ours is compared with, each as its own documentation says to run it, and a hand-written bound."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol

import asyncpg
import procrastinate
import psycopg
from pgqueuer import AsyncpgDriver, PgQueuer
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

LOTE = 1000


class Fila(Protocol):
    """`preparar` opens connections, `encher` enqueues in bulk, `drenar` does everything, `latencias` gives seconds."""

    nome: str

    async def preparar(self) -> None: ...

    async def encher(self, n: int) -> None: ...

    async def drenar(self, n: int) -> None: ...

    async def latencias(self, n: int, por_s: float) -> list[float]: ...

    async def fechar(self) -> None: ...


class Bruta:
    """Four connections, batches of ten, one statement that ends a batch and takes the next: a bound, not a design."""

    nome = "bruta"
    _TROCA = (
        "with feitas as (delete from bruta where id = any(%s)),"
        " proximas as materialized (select id from bruta where estado = 0 order by id limit 10 for update skip locked)"
        " update bruta b set estado = 1 from proximas p where b.id = p.id returning b.id"
    )

    def __init__(self, url: str) -> None:
        self._url = url
        self._conexoes: list[psycopg.AsyncConnection[Any]] = []

    async def preparar(self) -> None:
        for _ in range(4):
            self._conexoes.append(await psycopg.AsyncConnection.connect(self._url, autocommit=True))
        await self._conexoes[0].execute(
            "create table bruta (id bigint generated always as identity primary key, conexao_id int not null,"
            " destinatario_id bigint not null, agendado_em timestamptz not null default now(),"
            " estado smallint not null default 0)"
        )
        await self._conexoes[0].execute("create index on bruta (id) where estado = 0")

    async def encher(self, n: int) -> None:
        for _ in range(0, n, LOTE):
            await self._conexoes[0].execute(
                "insert into bruta (conexao_id, destinatario_id) select 1, g from generate_series(1, %s) g", [LOTE]
            )

    async def drenar(self, n: int) -> None:
        await asyncio.gather(*(self._laco(c) for c in self._conexoes))

    async def _laco(self, conexao: psycopg.AsyncConnection[Any]) -> None:
        ids: list[int] = []
        while True:
            cursor = await conexao.execute(self._TROCA, [ids], prepare=True)
            ids = [linha[0] for linha in await cursor.fetchall()]
            if not ids:
                return

    async def latencias(self, n: int, por_s: float) -> list[float]:
        return []

    async def fechar(self) -> None:
        for conexao in self._conexoes:
            await conexao.close()


class Procrastinate:
    nome = "procrastinate"

    def __init__(self, url: str) -> None:
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=2, max_size=12))
        self._inicios: list[float] = []
        self.tarefa = self.app.task(name="nada")(self._nada)

    async def _nada(self, criado: float) -> None:
        self._inicios.append(time.monotonic() - criado)

    async def preparar(self) -> None:
        await self.app.open_async()
        await self.app.schema_manager.apply_schema_async()

    async def encher(self, n: int) -> None:
        for _ in range(0, n, LOTE):
            await self.tarefa.batch_defer_async(*({"criado": 0.0} for _ in range(LOTE)))

    async def drenar(self, n: int) -> None:
        await self.app.run_worker_async(concurrency=10, wait=False, install_signal_handlers=False)

    async def latencias(self, n: int, por_s: float) -> list[float]:
        self._inicios.clear()
        worker = asyncio.create_task(self.app.run_worker_async(concurrency=10, install_signal_handlers=False))
        await asyncio.sleep(1)
        for _ in range(n):
            await self.tarefa.defer_async(criado=time.monotonic())
            await asyncio.sleep(1 / por_s)
        await asyncio.sleep(1)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return self._inicios

    async def fechar(self) -> None:
        await self.app.close_async()


class PgQueuerAsyncpg:
    """Five managers, each with its connection and batches of ten."""

    nome = "pgqueuer"

    def __init__(self, url: str) -> None:
        self._url = url
        self._conexoes: list[asyncpg.Connection[Any]] = []
        self._inicios: list[float] = []

    async def preparar(self) -> None:
        for _ in range(6):
            self._conexoes.append(await asyncpg.connect(self._url))
        self._fila = Queries(AsyncpgDriver(self._conexoes[-1]))
        await self._fila.install()

    async def encher(self, n: int) -> None:
        for _ in range(0, n, LOTE):
            await self._fila.enqueue(["nada"] * LOTE, [None] * LOTE, [0] * LOTE)

    def _gerente(self, conexao: asyncpg.Connection[Any]) -> PgQueuer:
        gerente = PgQueuer(AsyncpgDriver(conexao))

        @gerente.entrypoint("nada")
        async def nada(job: Job) -> None:
            if job.payload:
                self._inicios.append(time.monotonic() - float(job.payload))

        return gerente

    async def drenar(self, n: int) -> None:
        gerentes = [self._gerente(c) for c in self._conexoes[:-1]]
        await asyncio.gather(*(g.run(batch_size=10, mode=QueueExecutionMode.drain) for g in gerentes))

    async def latencias(self, n: int, por_s: float) -> list[float]:
        self._inicios.clear()
        gerente = self._gerente(self._conexoes[0])
        correndo = asyncio.create_task(gerente.run(batch_size=10))
        await asyncio.sleep(1)
        for _ in range(n):
            await self._fila.enqueue("nada", str(time.monotonic()).encode())
            await asyncio.sleep(1 / por_s)
        await asyncio.sleep(1)
        gerente.shutdown.set()
        await asyncio.wait([correndo], timeout=10)
        return self._inicios

    async def fechar(self) -> None:
        for conexao in self._conexoes:
            await conexao.close()
