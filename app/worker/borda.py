"""Work of one number that needs the network but no slot of the limiter: media, read marks, reconciliation.

Each kind is idempotent, so a crash repeats it. One statement gives back what is done and takes what is next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Final

import structlog

from app.erros import Erro
from app.worker.contexto import Contexto, NumeroPronto, Trabalho

# slow ones at once, per number; a claim is larger than that as long as what it brings ends quickly
AO_MESMO_TEMPO: Final = 10
LOTE_MAXIMO: Final = 50
# what ends within this is given back together; what takes longer goes on while others are taken
LEVA_S: Final = 0.05
# the hint hides what came back before it (retries, failed peers): they are found again this often
RECOMECA_S: Final = 1.0
_registro = structlog.get_logger(__name__)


class Depois(Exception):
    """Raised by a handler: not now, come back in `segundos`, and this was no failure."""

    def __init__(self, segundos: float) -> None:
        super().__init__(f"again in {segundos} s")
        self.segundos = segundos


class Impossivel(Exception):
    """Raised by a handler: no repetition can help. The text is what a person reads in the dead letters."""


Tratador = Callable[[Contexto, NumeroPronto, Trabalho], Awaitable[None]]


class Borda:
    """Runs while the number has edge work due, then ends."""

    def __init__(self, contexto: Contexto, numero: NumeroPronto, tratadores: Mapping[str, Tratador]) -> None:
        self._contexto = contexto
        self._numero = numero
        self._tratadores = tratadores
        self._vez = asyncio.Semaphore(AO_MESMO_TEMPO)
        self._lote = AO_MESMO_TEMPO
        self._ultimo: Trabalho | None = None
        self._recomeco = monotonic()
        self._correndo: dict[asyncio.Task[bool], Trabalho] = {}
        self._chamado = asyncio.Event()

    def chamar(self) -> None:
        """There is work due: look once more before ending."""
        self._chamado.set()

    async def correr(self) -> None:
        feitos: list[Trabalho] = []
        try:
            while True:
                self._chamado.clear()
                await self._trocar(feitos)
                if not self._correndo:
                    if not self._chamado.is_set():
                        return
                    self._ultimo = None
                feitos = await self._colher()
        except Erro as erro:
            # what is done will be done again when its lease ends: every kind may be repeated
            _registro.warning("borda_interrompida", conexao=str(self._numero.conexao_id), codigo=erro.codigo)
        finally:
            if self._correndo:
                await asyncio.wait(self._correndo)

    async def _trocar(self, feitos: list[Trabalho]) -> None:
        """Give back what is done and start what is next, unless slow work fills the number or the worker is to stop."""
        cheio = len(self._correndo) >= AO_MESMO_TEMPO or self._contexto.parar.is_set()
        vagas = 0 if cheio else self._lote - len(self._correndo)
        if monotonic() - self._recomeco > RECOMECA_S:
            self._ultimo, self._recomeco = None, monotonic()
        if not feitos and not vagas:
            return
        novos = await self._contexto.trocar(self._numero, feitos, vagas, self._ultimo)
        for trabalho in novos:
            self._correndo[asyncio.create_task(self._fazer(trabalho))] = trabalho
        if novos:
            self._ultimo = novos[-1]

    async def _colher(self) -> list[Trabalho]:
        """Wait for something to end, or for a call; returns what was done."""
        if not self._correndo:
            return []
        prontas, restam = await asyncio.wait(self._correndo, timeout=LEVA_S)
        self._lote = AO_MESMO_TEMPO if restam else min(2 * self._lote, LOTE_MAXIMO)
        if not prontas:
            chamado = asyncio.create_task(self._chamado.wait())
            prontas, _ = await asyncio.wait({*self._correndo, chamado}, return_when=asyncio.FIRST_COMPLETED)
            chamado.cancel()
            prontas.discard(chamado)
        return [t for tarefa in prontas if (t := self._correndo.pop(tarefa)) and tarefa.result()]

    async def _fazer(self, trabalho: Trabalho) -> bool:
        try:
            async with self._vez:
                await self._tratadores[trabalho.tipo](self._contexto, self._numero, trabalho)
        except Depois as depois:
            await self._falhar(trabalho, "", espera_s=depois.segundos)
        except Impossivel as erro:
            await self._falhar(trabalho, str(erro), definitiva=True)
        except Exception as erro:
            _registro.warning("trabalho_da_borda_falhou", tipo=trabalho.tipo, erro=repr(erro)[:300])
            await self._falhar(trabalho, f"{type(erro).__name__}: {erro}")
        else:
            return True
        return False

    async def _falhar(
        self, trabalho: Trabalho, erro: str, *, espera_s: float | None = None, definitiva: bool = False
    ) -> None:
        try:
            await self._contexto.falhar_borda(self._numero, trabalho, erro, espera_s, definitiva)
        except Erro as recusa:  # the lease ends by itself
            _registro.warning("falha_da_borda_nao_gravada", codigo=recusa.codigo)
