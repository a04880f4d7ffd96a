"""Child processes: started, watched, started again with backoff, and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.embutido import preparar_filho

SAUDAVEL_S = 60.0
_ATRASO_INICIAL_S = 0.5
_ATRASO_MAXIMO_S = 30.0


@dataclass(frozen=True, slots=True)
class Programa:
    """A child to keep running."""

    nome: str
    comando: Sequence[str]
    ambiente: Mapping[str, str] = field(default_factory=dict)
    # How long it may take to finish its work after SIGTERM.
    prazo_s: float = 10.0


def atraso_de_reinicio(quedas: int, sorteio: Callable[[], float] = random.random) -> float:
    """Seconds before start number `quedas + 1`: doubling, capped, with ±50 % so that children part ways."""
    return min(_ATRASO_MAXIMO_S, _ATRASO_INICIAL_S * 2.0 ** min(quedas - 1, 10)) * (0.5 + sorteio())


class Saida:
    """Lines of all processes on one terminal, each with the name of its process in front."""

    def __init__(self, largura: int) -> None:
        self._largura = largura

    def linha(self, nome: str, texto: str) -> None:
        # Nobody reads any more (a closed terminal, `| head`): the product keeps running.
        with contextlib.suppress(BrokenPipeError, ValueError):
            sys.stdout.write(f"{nome:<{self._largura}} | {texto}\n")
            sys.stdout.flush()


class Filho:
    """One supervised process: start, watch, start again, stop."""

    def __init__(self, programa: Programa, saida: Saida, ao_mudar: Callable[[], None] = lambda: None) -> None:
        self.programa = programa
        self.quedas = 0
        self._saida = saida
        self._ao_mudar = ao_mudar
        self._parar = asyncio.Event()
        self._processo: asyncio.subprocess.Process | None = None
        self._tarefa: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._processo.pid if self._processo and self._processo.returncode is None else None

    def iniciar(self) -> None:
        self._tarefa = asyncio.create_task(self._cuidar(), name=self.programa.nome)

    async def _cuidar(self) -> None:
        while not self._parar.is_set():
            inicio = time.monotonic()
            status = await self._uma_vez()
            if self._parar.is_set():
                return
            self.quedas = 1 if time.monotonic() - inicio >= SAUDAVEL_S else self.quedas + 1
            atraso = atraso_de_reinicio(self.quedas)
            motivo = f"sinal {-status}" if status < 0 else f"status {status}"
            self._saida.linha(self.programa.nome, f"terminou ({motivo}); reinício em {atraso:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._parar.wait(), atraso)

    async def _uma_vez(self) -> int:
        try:
            processo = await asyncio.create_subprocess_exec(
                *self.programa.comando,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, **self.programa.ambiente},
                # Its own session: Ctrl-C reaches the supervisor alone, which decides the order.
                start_new_session=True,
                preexec_fn=preparar_filho(signal.SIGTERM),
            )
        except OSError as erro:
            self._saida.linha(self.programa.nome, f"não iniciou: {erro}")
            return 127
        self._processo = processo
        self._ao_mudar()
        if self._parar.is_set():
            self._sinalizar(signal.SIGTERM)
        await self._repassar(processo)
        return await processo.wait()

    async def _repassar(self, processo: asyncio.subprocess.Process) -> None:
        """Copy its output line by line; a line of any length passes, cut into pieces."""
        leitor = processo.stdout
        resto = b""
        while leitor is not None and (pedaco := await leitor.read(65536)):
            *linhas, resto = (resto + pedaco).split(b"\n")
            if len(resto) > 65536:
                linhas.append(resto)
                resto = b""
            for linha in linhas:
                self._saida.linha(self.programa.nome, linha.decode(errors="replace"))
        if resto:
            self._saida.linha(self.programa.nome, resto.decode(errors="replace"))

    def nao_reiniciar(self) -> None:
        self._parar.set()

    async def parar(self, pressa: asyncio.Event) -> None:
        """SIGTERM, its time to finish (cut short by `pressa`), SIGKILL."""
        self._parar.set()
        self._sinalizar(signal.SIGTERM)
        if self._tarefa is None:
            return
        apressado = asyncio.create_task(pressa.wait())
        await asyncio.wait(
            {self._tarefa, apressado}, timeout=self.programa.prazo_s, return_when=asyncio.FIRST_COMPLETED
        )
        apressado.cancel()
        if not self._tarefa.done():
            self._saida.linha(self.programa.nome, "não terminou no prazo; encerrado à força")
            self._sinalizar(signal.SIGKILL)
            await asyncio.wait({self._tarefa}, timeout=5)

    def _sinalizar(self, sinal: signal.Signals) -> None:
        if self._processo is not None and self._processo.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._processo.send_signal(sinal)


NASCE_EM_PASSOS = 200


class Grupo:
    """The children together: started in order, stopped in the order given (API, worker, simulator)."""

    def __init__(self, programas: Sequence[Programa], ao_mudar: Callable[[], None] = lambda: None) -> None:
        self.saida = Saida(max((len(programa.nome) for programa in programas), default=0))
        self.filhos = [Filho(programa, self.saida, ao_mudar) for programa in programas]
        self.parar = asyncio.Event()
        self.pressa = asyncio.Event()

    def sinal(self) -> None:
        """First signal: stop in order. Second: hurry."""
        if self.parar.is_set():
            self.pressa.set()
        self.parar.set()

    def iniciar(self, *nomes: str) -> None:
        """Start the children of these names, or all."""
        for filho in self.filhos:
            if not nomes or filho.programa.nome in nomes:
                filho.iniciar()

    async def nascer(self) -> None:
        """Wait, a moment, until every child has a process."""
        for _ in range(NASCE_EM_PASSOS):
            if all(filho.pid for filho in self.filhos):
                return
            await asyncio.sleep(0.01)

    async def encerrar(self) -> None:
        for filho in self.filhos:
            filho.nao_reiniciar()
        for filho in self.filhos:
            await filho.parar(self.pressa)
