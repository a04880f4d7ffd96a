"""Our queue, driven by the product's own worker loop as the worker's role; its handlers do nothing."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import psycopg
from redis.asyncio import Redis

from app.banco import Banco
from app.chamado import Chamador
from app.worker.contexto import Contexto, NumeroPronto, Trabalho
from app.worker.laco import Laco

LOTE = 1000
TIPO = "leitura_marcar"
# as the owner of the worker's functions, under RLS: no product function enqueues work that does nothing
_INSERIR = (
    "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
    " select %s, 'leitura_marcar', %s, %s, clock_timestamp(), gen_random_uuid() from generate_series(1, %s)"
)
# a campaign under way whose recipients are all still waiting, and its feeder
_CAMPANHA = """
with pessoa as (
    insert into usuarios (cliente_id, nome, email, perfil_id)
    select %(cliente)s, 'Bench', gen_random_uuid() || '@bench.test', p.id
    from perfis p where p.cliente_id = %(cliente)s limit 1 returning id
), modelo as (
    insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes)
    values (%(cliente)s, %(conexao)s, '1', 'promo', 'pt_BR', 'UTILITY', 'APPROVED', '[]') returning id
), campanha as (
    insert into campanhas (cliente_id, nome, conexao_id, modelo_id, publico_tipo, status, criado_por)
    select %(cliente)s, 'Bench', %(conexao)s, m.id, 'FILTRO', 'EM_ANDAMENTO', u.id from modelo m, pessoa u returning id
), contatos as (
    insert into contatos (cliente_id, nome, telefone)
    select %(cliente)s, 'Pessoa', '+5511' || (900000000 + nextval('pessoas_bench')) from generate_series(1, %(n)s)
    returning id
), publico as (
    insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone)
    select %(cliente)s, k.id, c.id, '+5511900000000' from campanha k, contatos c
)
insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
select %(cliente)s, 'campanha_alimentar', 5, now(), k.id from campanha k
"""


class Nossa:
    nome = "balcao"

    def __init__(
        self,
        url_worker: str,
        url_admin: str,
        admin: psycopg.Connection[Any],
        redis: Redis,
        url_redis: str,
        numeros: int = 4,
    ) -> None:
        self._banco = Banco(url_worker, maximo=10)
        self._url_admin = url_admin
        self._admin = admin
        self._dono = psycopg.connect(url_admin, autocommit=True, options="-c role=crm_fila")
        self._redis = redis
        self._chamador = Chamador(url_redis)
        self._quantos_numeros = numeros
        self.numeros: list[NumeroPronto] = []
        self.feitos: Counter[UUID] = Counter()
        self._inicios: list[float] = []
        self._criados: dict[UUID, float] = {}

    async def preparar(self) -> None:
        await self._banco.abrir()
        linha = self._admin.execute(
            "insert into clientes (nome, plano_id) select 'Bench', id from planos limit 1 returning id"
        ).fetchone()
        assert linha
        for n in range(self._quantos_numeros):
            conexao = self._admin.execute(
                "insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa,"
                " credenciais) values (%s, %s, 'WHATSAPP', 'META_API', %s, '12345', %s) returning id",
                [linha["id"], f"Número {n}", str(10**14 + secrets.randbelow(10**13)), secrets.token_bytes(64)],
            ).fetchone()
            assert conexao
            self.numeros.append(NumeroPronto(linha["id"], conexao["id"]))
        self._admin.execute("create sequence if not exists pessoas_bench")
        self._admin.execute(
            "insert into perfis (cliente_id, codigo, nome) values (%s, 'ADMINISTRADOR', 'Bench')",
            [linha["id"]],
        )

    async def encher(self, n: int) -> None:
        cada = n // len(self.numeros)
        for numero in self.numeros:
            self.por(numero, cada)
        self._admin.execute("analyze fila")

    async def alimentar(self, n: int) -> float:
        """Seconds that the feeders of four campaigns take to move `n` recipients into the queue."""
        cliente = self.numeros[0].cliente_id
        self._admin.execute("update conexoes set teto_por_segundo = 1000 where cliente_id = %s", [cliente])
        for numero in self.numeros:
            self._admin.execute(
                _CAMPANHA, {"cliente": cliente, "conexao": numero.conexao_id, "n": n // len(self.numeros)}
            )
        self._admin.execute("analyze campanhas_log")
        inicio = time.monotonic()
        await self._banco.chamar("worker.interno_executar", {"p_cliente_id": cliente})
        demorou = time.monotonic() - inicio
        movidos = self._admin.execute("select count(*) as n from fila where tipo = 'campanha_enviar'").fetchone()
        assert movidos and movidos["n"] == n, movidos
        return demorou

    def por(self, numero: NumeroPronto, quantos: int) -> None:
        self._dono.execute("select set_config('app.cliente_id', %s, false)", [str(numero.cliente_id)])
        for inicio in range(0, quantos, LOTE):
            self._dono.execute(_INSERIR, [numero.cliente_id, numero.conexao_id, 3, min(LOTE, quantos - inicio)])

    async def _fazer(self, contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
        self.feitos[numero.conexao_id] += 1
        if trabalho.alvo_id in self._criados:
            self._inicios.append(time.monotonic() - self._criados.pop(trabalho.alvo_id))

    @asynccontextmanager
    async def worker(self, redis: Redis | None = None) -> AsyncIterator[None]:
        contexto = Contexto(f"bench:{secrets.token_hex(4)}", self._banco, Mock(metricas=dict), Mock(), {})
        correndo = asyncio.create_task(Laco(contexto, redis, {TIPO: self._fazer}).correr())
        try:
            yield
        finally:
            contexto.parar.set()
            await correndo

    async def esperar(self, n: int) -> None:
        """Until `n` jobs are done."""
        while self.feitos.total() < n:  # noqa: ASYNC110 -- a counter, not an event: what is measured stays untouched
            await asyncio.sleep(0.01)

    async def drenar(self, n: int) -> None:
        self.feitos.clear()
        async with self.worker():
            await self.esperar(n)

    async def latencias(self, n: int, por_s: float) -> list[float]:
        """Enqueue an urgent job, commit, hint: as the API does for a reply."""
        self._inicios.clear()
        [numero, *_] = self.numeros
        async with (
            self.worker(self._redis),
            await psycopg.AsyncConnection.connect(
                self._admin.info.dsn, password=self._admin.info.password, autocommit=True
            ) as conexao,
        ):
            await asyncio.sleep(1)
            for _ in range(n):
                alvo = UUID(bytes=secrets.token_bytes(16))
                self._criados[alvo] = time.monotonic()
                await conexao.execute(
                    "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)"
                    " values (%s, 'leitura_marcar', %s, 1, clock_timestamp(), %s)",
                    [numero.cliente_id, numero.conexao_id, alvo],
                )
                await self._chamador.chamar("BORDA", numero.cliente_id, numero.conexao_id)
                await asyncio.sleep(1 / por_s)
            await asyncio.sleep(1)
        return self._inicios

    async def fechar(self) -> None:
        await self._banco.fechar()
        await self._chamador.fechar()
        self._dono.close()
