"""The worker's loop: ask the queue where there is work, and give each number and tenant its own task.

Polls with jitter (50-200 ms) instead of listening: a notification on a hot table would serialise its commits.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import signal
import socket
from collections.abc import Coroutine, Hashable, Mapping
from typing import Any, Final
from uuid import UUID

import structlog
from redis.asyncio import Redis

from app.armazem import Armazem
from app.banco import Banco
from app.chamado import escutar
from app.cifra import Cofre
from app.config import Config
from app.erros import Erro
from app.limitador import FuncoesDoBanco, Limitador
from app.presenca import Presenca
from app.provedores.meta import PRAZO_LEITURA_S, Meta
from app.provedores.meta_gestao import MetaGestao
from app.provedores.meta_midia import MetaMidia
from app.provedores.push import Push
from app.provedores.uaizap import Uaizap
from app.provedores.uaizap_canal import CanalUaizap
from app.provedores.uaizap_gestao import UaizapGestao
from app.provedores.uaizap_midia import UaizapMidia
from app.worker.avisos import executar_avisos
from app.worker.borda import Borda, Tratador
from app.worker.contexto import Contexto, NumeroPronto
from app.worker.corredor import Corredor
from app.worker.interno import executar_interno
from app.worker.retransmissor import Retransmissor
from app.worker.tratadores import TRATADORES

CONEXOES_DO_POOL: Final = 10
SINAL_S: Final = 2.0
DRENO_S: Final = 14.0
_registro = structlog.get_logger(__name__)


async def executar(config: Config) -> None:
    """Run one worker until SIGTERM or SIGINT, then drain: stop claiming, finish what is in flight, say goodbye."""
    dono = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    banco = Banco(
        config.url_aplicacao("crm_worker"),
        maximo=min(config.pool_max, CONEXOES_DO_POOL),
        ocioso_s=config.pool_idle_s,
        vida_s=config.pool_lifetime_s,
        preparar=config.preparar_no_servidor,
        nome="balcao worker",
    )
    # the limiter has its own deadlines; with a socket time-out the client swallows cancellations on Python 3.11
    redis = Redis.from_url(config.url_redis, socket_timeout=None, socket_connect_timeout=0.5)
    limitador = Limitador(redis, FuncoesDoBanco(banco), processo=dono, prazo_http_s=PRAZO_LEITURA_S)
    meta = Meta(config.meta_api_url, config.meta_api_versao)
    meta_midia = MetaMidia(config.meta_api_url, config.meta_api_versao, config.meta_midia_hosts)
    meta_gestao = MetaGestao(config.meta_api_url, config.meta_api_versao)
    canal = CanalUaizap(config.uaizap_hosts)
    armazem = Armazem.da_config(config)
    uaizap = Uaizap(canal, armazem)
    presenca, push = Presenca(config.url_redis), Push(config.push_hosts, config.push_chave, config.url_publica)
    contexto = Contexto(
        dono,
        banco,
        limitador,
        Cofre(config.chaves),
        provedores={"META_API": meta, "UAIZAP": uaizap},
        midias={"META_API": meta_midia, "UAIZAP": UaizapMidia(canal)},
        leituras={"META_API": meta, "UAIZAP": uaizap},
        saudes={"META_API": meta_gestao},
        armazem=armazem,
        uaizap=UaizapGestao(canal),
        presenca=presenca,
        push=push,
    )
    laco = asyncio.get_running_loop()
    for sinal in (signal.SIGTERM, signal.SIGINT):
        laco.add_signal_handler(sinal, contexto.parar.set)
    await banco.abrir()
    await limitador.iniciar()
    _registro.info("worker_no_ar", dono=dono)
    try:
        await Laco(contexto, redis).correr()
    finally:
        await limitador.encerrar()
        await meta.fechar()
        await meta_midia.fechar()
        await meta_gestao.fechar()
        await canal.fechar()
        await push.fechar()
        await presenca.fechar()
        await redis.aclose()
        await banco.fechar()
        _registro.info("worker_encerrado", dono=dono)


class Laco:
    """Keeps at most one task per number and per tenant. `redis` brings hints of urgent work, if it is there."""

    def __init__(
        self, contexto: Contexto, redis: Redis | None = None, tratadores: Mapping[str, Tratador] = TRATADORES
    ) -> None:
        self._contexto = contexto
        self._redis = redis
        self._tratadores = tratadores
        self._tarefas: dict[Hashable, asyncio.Task[None]] = {}
        self._corredores: dict[UUID, Corredor] = {}
        self._bordas: dict[UUID, Borda] = {}

    async def correr(self) -> None:
        zeladores = [asyncio.create_task(self._sinalizar())]
        if self._redis is not None:
            zeladores.append(asyncio.create_task(escutar(self._redis, self._chamado)))
            retransmissor = Retransmissor(self._contexto.banco, self._redis, self._contexto.dono, self._contexto.parar)
            zeladores.append(asyncio.create_task(retransmissor.correr()))
        try:
            while not self._contexto.parar.is_set():
                await self._olhar()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._contexto.parar.wait(), random.uniform(0.05, 0.2))  # noqa: S311
        finally:
            await self._drenar()
            for zelador in zeladores:
                zelador.cancel()
            await asyncio.gather(*zeladores, return_exceptions=True)

    async def _olhar(self) -> None:
        try:
            prontas = await self._contexto.prontas()
        except Erro as erro:
            _registro.warning("fila_indisponivel", codigo=erro.codigo)
            await asyncio.sleep(1)
            return
        for cliente_id in prontas.resgates:
            self._lancar(("resgate", cliente_id), self._resgatar(cliente_id))
        for cliente_id in prontas.internos:
            self._lancar(("interno", cliente_id), executar_interno(self._contexto, cliente_id))
        for cliente_id in prontas.avisos:
            self._lancar(("avisos", cliente_id), executar_avisos(self._contexto, cliente_id))
        for numero in prontas.bordas:
            self._cuidar(numero)
        for numero in prontas.numeros:
            self._enviar(numero)

    def _chamado(self, execucao: str, cliente_id: UUID, conexao_id: UUID) -> None:
        if not self._contexto.parar.is_set():
            ir = self._enviar if execucao == "ENVIO" else self._cuidar
            ir(NumeroPronto(cliente_id, conexao_id))

    def _enviar(self, numero: NumeroPronto) -> None:
        if corredor := self._corredores.get(numero.conexao_id):
            corredor.chamar()
        else:
            self._lancar(("numero", numero.conexao_id), self._correr(numero))

    def _cuidar(self, numero: NumeroPronto) -> None:
        if borda := self._bordas.get(numero.conexao_id):
            borda.chamar()
        else:
            self._lancar(("borda", numero.conexao_id), self._trabalhar(numero))

    def _lancar(self, chave: Hashable, rotina: Coroutine[Any, Any, None]) -> None:
        if chave in self._tarefas:
            rotina.close()
            return
        tarefa = asyncio.create_task(rotina)
        self._tarefas[chave] = tarefa
        tarefa.add_done_callback(lambda t: self._concluida(chave, t))

    def _concluida(self, chave: Hashable, tarefa: asyncio.Task[None]) -> None:
        del self._tarefas[chave]
        if not tarefa.cancelled() and (erro := tarefa.exception()) is not None:
            _registro.error("tarefa_falhou", tarefa=str(chave), erro=repr(erro))

    async def _correr(self, numero: NumeroPronto) -> None:
        corredor = self._corredores[numero.conexao_id] = Corredor(self._contexto, numero)
        try:
            await corredor.correr()
        finally:
            del self._corredores[numero.conexao_id]

    async def _trabalhar(self, numero: NumeroPronto) -> None:
        borda = self._bordas[numero.conexao_id] = Borda(self._contexto, numero, self._tratadores)
        try:
            await borda.correr()
        finally:
            del self._bordas[numero.conexao_id]

    async def _resgatar(self, cliente_id: object) -> None:
        with contextlib.suppress(Erro):
            await self._contexto.banco.chamar("worker.fila_resgatar", {"p_cliente_id": cliente_id})

    async def _sinalizar(self) -> None:
        while True:
            with contextlib.suppress(Erro):
                await self._contexto.banco.chamar(
                    "worker.processo_sinalizar",
                    {"p_nome": self._contexto.dono, "p_metricas": self._contexto.limitador.metricas()},
                )
            await asyncio.sleep(SINAL_S)

    async def _drenar(self) -> None:
        if self._tarefas:
            await asyncio.wait(set(self._tarefas.values()), timeout=DRENO_S)
        with contextlib.suppress(Erro):
            await self._contexto.banco.chamar(
                "worker.processo_sinalizar", {"p_nome": self._contexto.dono, "p_fim": True}
            )
