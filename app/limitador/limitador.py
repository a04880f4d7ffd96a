"""The pacing authority of WhatsApp numbers, shared by all worker processes.

Promise: never more than `teto` requests of one number arrive at the provider in any sliding second, whatever the
network and the scheduler do, and at most 10 are in flight. It is arithmetic (limitador.lua has the proof), not
tuning: an entered request holds a token until its answer, so a late write or a slow network is jitter of something
already counted.

A caller asks for permits, claims that many messages naming `permissao.numero.epoca`, commits the intent, then per
message:

    if await limitador.entrar(permissao):              # sleeps until the slot, takes the token
        if permissao.ainda_vale():                     # nothing may be awaited between this and the write
            ... write, wait for the answer ...
        await limitador.sair(permissao, latencia, Desfecho.RESPONDIDO)

Residual risk: a process frozen between `ainda_vale` and the write, for longer than its token outlives it (2 s from
the last pulse), writes without a token. Nothing on our side of the socket can close that gap; it has no system call
in it. A process frozen while it waits for an answer loses tokens too, but what it wrote has long arrived.

What comes in counts at the provider, too, so the ceiling used here is what is left beside it: the worst second of the
last minute and a margin of two standard deviations are taken off (worker.limite_obter), read again every 0.4 s while a
number sends. With a steady inflow the sum keeps the ceiling. Residual: a sudden burst is unknown until its webhook is
stored, the ceiling read and the slots already out (at most a second of them) used up; until then a window may hold the
ceiling plus as much of the burst as the margin does not cover. Inflow is counted by the provider's clock, so a database
whose clock is a minute off does not see it.

Redis must keep the limiter's keys: run it with `maxmemory-policy noeviction`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from app.limitador import no_redis
from app.limitador.medidas import Atrasos, Conta
from app.limitador.modelo import Autoridade, AutoridadeBanco, Concessao, Desfecho, Numero, Permissao
from app.limitador.no_banco import EpocaVencida, Limite, NoBanco
from app.limitador.no_redis import Devolucao, NoRedis
from app.redis_vivo import FALHAS

registro = logging.getLogger(__name__)

POR_CHAMADA = 10
FOLGA_DA_POSSE_S = 2.0  # a request that timed out at the client may travel this much longer
PULSO_S = 0.5
PULSOS_PARA_VOLTAR = 10  # Redis must have answered this many pulses in a row before it is trusted again
NOVA_TENTATIVA_S = 0.05
OUTRA_FICHA_S = 0.002
CARONA_S = 0.015  # one slot at the pace of a ceiling of 80
# the ceiling follows what comes in: read again this often for numbers asked for lately, so that with the slots already
# out a change is in force within a second
RELEITURA_S = 0.4
ATIVO_S = 2.0
RAJADA_S = 1.0  # the refusals of one burst carry the same news

SEM_REDIS = FALHAS


class Limitador:
    def __init__(
        self,
        redis: Redis,
        banco: AutoridadeBanco,
        *,
        processo: str,
        prazo_http_s: float = 10.0,
        prazo_redis_s: float = 0.5,
        paciencia_s: float = 1.0,
    ) -> None:
        """`processo` is unique among living processes; `paciencia_s` is how long Redis may be silent.

        Make the client with `socket_timeout=None`: every call here has its own deadline, and with a socket time-out
        redis-py sends through `asyncio.wait_for`, which on Python 3.11 swallows cancellation (bpo-37658).
        """
        self._posse_s = prazo_http_s + FOLGA_DA_POSSE_S
        self._redis = NoRedis(redis, processo, self._posse_s, prazo_redis_s)
        self._banco = NoBanco(banco)
        self._paciencia_s = paciencia_s
        self._contas: dict[tuple[UUID, UUID], Conta] = {}
        self._em_voo: dict[str, Permissao] = {}
        self._esperando: dict[Numero, list[float]] = {}
        self._devolucoes: dict[Numero, list[Devolucao]] = {}
        self._atrasos = Atrasos()
        self._mudo_desde: float | None = None
        self._pulsos_bons = 0
        self._fim = asyncio.Event()
        self._pulso: asyncio.Task[None] | None = None
        self._releitura: asyncio.Task[None] | None = None

    async def iniciar(self) -> None:
        try:
            politica = await self._redis.politica_de_despejo()
            if politica != "noeviction":
                registro.warning("limiter keys can be evicted: maxmemory-policy is %s, use noeviction", politica)
        except SEM_REDIS as erro:
            registro.warning("Redis does not answer at start: %r", erro)
        self._pulso = asyncio.create_task(self._pulsar(), name="limitador-pulso")
        self._releitura = asyncio.create_task(self._reler(), name="limitador-teto")

    async def encerrar(self) -> None:
        self._fim.set()
        if self._pulso:
            await self._pulso
        if self._releitura:
            await self._releitura

    async def obter(self, numero: Numero) -> Numero:
        """The number with the epoch and authority that hold now; for a claim that was refused for its epoch."""
        return self._adotar(numero, await self._banco.obter(numero))

    async def reservar(self, numero: Numero, quantos: int, antecedencia_s: float = 0.015) -> list[Permissao]:
        """Between 1 and 10 permits, the first at least `antecedencia_s` away and all within a second; waits for one."""
        quantos = min(quantos, POR_CHAMADA)
        conta = self._conta(numero)
        conta.na_fila += 1
        try:
            while True:
                conta.pedido_em = monotonic()
                concessao = await self._conceder(conta.numero, quantos, antecedencia_s)
                if concessao.permissoes:
                    return concessao.permissoes
                await asyncio.sleep(concessao.espera_s)
        finally:
            conta.na_fila -= 1

    async def entrar(self, permissao: Permissao) -> bool:
        """Sleep until the slot and take a concurrency token; False: the permit is forfeited, reserve again."""
        if permissao.abre > monotonic():
            await self._dormir(permissao)
        conta = self._conta(permissao.numero)
        if permissao.entrou is None and await self._tomar_ficha(permissao):
            conta.entradas += 1
            return True
        conta.perdidas += 1
        return False

    async def sair(self, permissao: Permissao, latencia_s: float, desfecho: Desfecho) -> None:
        """Give the token back, or leave it out until its lease ends if the request may still be on its way."""
        if permissao.numero.autoridade is not Autoridade.REDIS:
            return
        if desfecho is not Desfecho.SEM_RESPOSTA:
            self._em_voo.pop(permissao.ficha, None)
        ficha = "" if desfecho is Desfecho.SEM_RESPOSTA else permissao.ficha
        latencia_us = 0 if desfecho is Desfecho.NAO_ENVIADO else round(latencia_s * 1e6)
        numero = permissao.numero
        self._devolucoes.setdefault(numero, []).append((ficha, latencia_us))
        # An entry of ours that is due now takes it along: the token is free when it is next wanted, for no call.
        carona_ate = monotonic() + CARONA_S
        if not any(abre <= carona_ate for abre in self._esperando.get(numero, ())):
            await self._devolver(numero)

    async def recuar(self, numero: Numero, fator: float = 0.5) -> None:
        """The provider throttled (130429): cut the pace at once, for all processes; it recovers 1/s every 3 s.

        Redis acts on the next slot; the database keeps the cut through a loss of Redis or a change of authority.
        """
        conta = self._conta(numero)
        if monotonic() - conta.recuou_em < RAJADA_S:
            return
        conta.recuou_em = monotonic()
        if conta.numero.autoridade is Autoridade.REDIS:
            with contextlib.suppress(*SEM_REDIS):
                await self._redis.recuar(conta.numero, fator)
        registro.warning("connection %s: the provider throttles, pace times %.2f", numero.conexao_id, fator)
        try:
            self._adotar(conta.numero, await self._banco.recuar(conta.numero, fator))
        except Exception as erro:  # any driver's; what was refused has been put off already
            registro.warning("connection %s: the throttle was not stored: %r", numero.conexao_id, erro)

    def metricas(self) -> dict[str, Any]:
        return {
            "numeros": [conta.como_dict() for conta in self._contas.values()],
            "atraso": self._atrasos.como_dict(),
        }

    def _conta(self, numero: Numero) -> Conta:
        """The account of a number, which keeps the newest epoch anybody told us about, and the ceiling last read."""
        conta = self._contas.get(numero.chave)
        if conta is None:
            conta = self._contas[numero.chave] = Conta(numero)
        elif numero.epoca > conta.numero.epoca:
            conta.numero = numero
        return conta

    def _adotar(self, numero: Numero, limite: Limite) -> Numero:
        conhecido = self._conta(numero).numero
        if limite.epoca > conhecido.epoca and limite.autoridade is not conhecido.autoridade:
            registro.warning(
                "connection %s: epoch %d is paced by %s", numero.conexao_id, limite.epoca, limite.autoridade
            )
        conta = self._conta(numero)
        if limite.epoca >= conta.numero.epoca:  # a slow answer may be older than what another told meanwhile
            conta.numero = msgspec.structs.replace(
                numero, epoca=limite.epoca, autoridade=limite.autoridade, teto=limite.teto
            )
            conta.teto_numero, conta.entrada_por_segundo = limite.teto_numero, limite.entrada_por_segundo
        return conta.numero

    async def _conceder(self, numero: Numero, quantos: int, antecedencia_s: float) -> Concessao:
        """One attempt at the number's authority; an authority that cannot answer is a short wait."""
        if numero.autoridade is Autoridade.POSTGRES and self._pulsos_bons >= PULSOS_PARA_VOLTAR:
            self._pulsos_bons = 0  # refused or not, the next attempt needs as many good pulses again
            numero = self._adotar(numero, await self._banco.assumir(numero, Autoridade.REDIS))
        dona = self._redis if numero.autoridade is Autoridade.REDIS else self._banco
        try:
            concessao = await dona.reservar(numero, quantos, antecedencia_s)
            if concessao.sem_estado:
                limite = await self._banco.obter(numero)
                numero = self._adotar(numero, limite)
                concessao = await self._redis.reservar(numero, quantos, antecedencia_s, limite.em_voo)
        except EpocaVencida as vencida:
            self._adotar(numero, vencida.limite)
            return Concessao([], espera_s=NOVA_TENTATIVA_S)
        except SEM_REDIS as erro:
            await self._sem_redis(numero, erro)
            return Concessao([], espera_s=NOVA_TENTATIVA_S)
        if dona is self._redis:
            self._mudo_desde = None
        conta = self._conta(numero)
        conta.anotar(concessao)
        if concessao.nasceu:
            registro.info("connection %s: limiter state is new, the first slot is a second away", numero.conexao_id)
        if concessao.esgotou:
            registro.info("connection %s: the slots of the next second are used up", numero.conexao_id)
        return concessao

    async def _sem_redis(self, numero: Numero, erro: BaseException) -> None:
        """After a moment of patience the database takes over; until it has, nobody grants anything."""
        agora = monotonic()
        if self._mudo_desde is None:
            self._mudo_desde = agora
            registro.warning("Redis does not answer: %r", erro)
        if agora - self._mudo_desde >= self._paciencia_s:
            self._adotar(numero, await self._banco.assumir(numero, Autoridade.POSTGRES))

    async def _dormir(self, permissao: Permissao) -> None:
        esperando = self._esperando.setdefault(permissao.numero, [])
        esperando.append(permissao.abre)
        try:
            await asyncio.sleep(permissao.abre - monotonic())
        finally:
            esperando.remove(permissao.abre)
            if not esperando:
                self._esperando.pop(permissao.numero, None)
        self._atrasos.anotar(monotonic() - permissao.abre)

    async def _devolver(self, numero: Numero) -> None:
        with contextlib.suppress(*SEM_REDIS):  # an unreturned token is reclaimed when nobody pulses for it
            await self._redis.sair(numero, self._devolucoes.pop(numero, ()))

    async def _tomar_ficha(self, permissao: Permissao) -> bool:
        while (agora := monotonic()) <= permissao.fecha:
            if permissao.numero.autoridade is Autoridade.POSTGRES:
                permissao.entrou = agora
                return True
            try:
                resposta = await self._redis.entrar(permissao, self._devolucoes.pop(permissao.numero, ()))
            except SEM_REDIS:
                return False
            if resposta == no_redis.ENTROU:
                permissao.entrou = agora
                self._em_voo[permissao.ficha] = permissao
                return True
            # outside its slot: by a hair too early, as our clocks drift, or too late, which `fecha` soon says
            if resposta == no_redis.ESTADO_PERDIDO:
                return False
            await asyncio.sleep(OUTRA_FICHA_S)
        return False

    async def _pulsar(self) -> None:
        while not self._fim.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._fim.wait(), PULSO_S)
            try:
                await self._redis.vivo()
                await asyncio.gather(*self._renovacoes(), *map(self._devolver, list(self._devolucoes)))
                self._pulsos_bons += 1
            except SEM_REDIS:
                self._pulsos_bons = 0

    async def _reler(self) -> None:
        """Keep the ceilings of the numbers in use up to date; without the database the last ones stand."""
        while not self._fim.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._fim.wait(), RELEITURA_S)
            ativas = [c for c in self._contas.values() if monotonic() - c.pedido_em < ATIVO_S]
            await asyncio.gather(*(self._reler_um(conta) for conta in ativas))

    async def _reler_um(self, conta: Conta) -> None:
        try:
            limite = await self._banco.obter(conta.numero)
        except Exception as erro:  # any driver's: nothing can be claimed without the database either
            registro.debug("connection %s: ceiling not read: %r", conta.numero.conexao_id, erro)
        else:
            self._adotar(conta.numero, limite)

    def _renovacoes(self) -> list[Awaitable[None]]:
        vencidas = monotonic() - self._posse_s
        por_numero: dict[Numero, list[str]] = {}
        for ficha, permissao in list(self._em_voo.items()):
            if permissao.entrou is None or permissao.entrou < vencidas:
                del self._em_voo[ficha]
            else:
                por_numero.setdefault(permissao.numero, []).append(ficha)
        return [self._redis.pulsar(numero, fichas) for numero, fichas in por_numero.items()]
