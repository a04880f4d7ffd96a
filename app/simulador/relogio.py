"""The simulator's clock: real, scaled or manual, in whole microseconds since 1970.

Integers keep the limits exact: 1/80 s is 12 500 µs, never 0.012499999.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Literal

Modo = Literal["real", "scaled", "manual"]
SEGUNDO = 1_000_000
HORA = 3_600 * SEGUNDO
DIA = 24 * HORA


class Alarme:
    """One thing due at one instant. Volatile alarms die in a simulated crash, durable ones outlive it."""

    __slots__ = ("acao", "futuro", "quando", "volatil")

    def __init__(self, quando: int, acao: Callable[[], None] | None, volatil: bool) -> None:
        self.quando = quando
        self.acao = acao
        self.volatil = volatil
        self.futuro: asyncio.Future[None] | None = None

    def cancelar(self) -> None:
        self.acao = None
        if self.futuro is not None:
            self.futuro.cancel()

    def disparar(self) -> None:
        acao, self.acao = self.acao, None
        if acao is not None:
            acao()


class Relogio:
    def __init__(self) -> None:
        self.modo: Modo = "real"
        self.fator = 1.0
        self._base = time.time_ns() // 1000
        self._marco = time.perf_counter_ns()
        self._fila: list[tuple[int, int, Alarme]] = []
        self._ordem = count()
        self._despertador: asyncio.TimerHandle | None = None
        self._acorda_em = 0
        self._avanco = asyncio.Lock()

    def agora(self) -> int:
        if self.modo == "manual":
            return self._base
        return self._base + int((time.perf_counter_ns() - self._marco) * self.fator) // 1000

    def configurar(self, modo: Modo, fator: float = 1.0, agora: int | None = None) -> None:
        """Switches mode without moving time, unless a new instant is given."""
        if fator <= 0:
            raise ValueError("the clock factor must be positive")
        self._base = self.agora() if agora is None else agora
        self._marco = time.perf_counter_ns()
        self.modo = modo
        self.fator = fator if modo == "scaled" else 1.0
        self._rearmar()

    def agendar(self, quando: int, acao: Callable[[], None], *, volatil: bool = True) -> Alarme:
        alarme = Alarme(quando, acao, volatil)
        heapq.heappush(self._fila, (quando, next(self._ordem), alarme))
        if self.modo != "manual" and (self._despertador is None or quando < self._acorda_em):
            self._rearmar()
        return alarme

    async def dormir(self, duracao: int) -> None:
        """Sleeps in simulated time."""
        if duracao <= 0:
            return
        futuro: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        alarme = self.agendar(self.agora() + duracao, lambda: None if futuro.done() else futuro.set_result(None))
        alarme.futuro = futuro
        await futuro

    async def avancar(self, duracao: int, assentar: Callable[[], Awaitable[None]]) -> None:
        """Manual mode: runs what falls due, instant by instant, letting the world settle after each."""
        async with self._avanco:
            alvo = self._base + duracao
            await assentar()
            while self._fila and self._fila[0][0] <= alvo:
                self._base = max(self._base, self._fila[0][0])
                self._disparar_vencidos()
                await assentar()
            self._base = alvo

    def descartar(self, *, todos: bool = False) -> None:
        """Forgets volatile alarms, as a crash would; or every alarm, for a reset."""
        for _, _, alarme in self._fila:
            if todos or alarme.volatil:
                alarme.cancelar()
        self._fila = [item for item in self._fila if item[2].acao is not None]
        heapq.heapify(self._fila)
        self._rearmar()

    def _disparar_vencidos(self) -> None:
        agora = self.agora()
        while self._fila and self._fila[0][0] <= agora:
            heapq.heappop(self._fila)[2].disparar()

    def _acordar(self) -> None:
        self._despertador = None
        self._disparar_vencidos()
        self._rearmar()

    def _rearmar(self) -> None:
        if self._despertador is not None:
            self._despertador.cancel()
            self._despertador = None
        if self.modo == "manual" or not self._fila:
            return
        self._acorda_em = self._fila[0][0]
        espera = (self._acorda_em - self.agora()) / SEGUNDO / self.fator
        self._despertador = asyncio.get_running_loop().call_later(max(0.0, espera), self._acordar)
