"""Outcomes are written in batches: ten at a time, or whatever there is after 100 ms.

An outcome is kept in memory through a database outage and written when it is back. If the lease has run out by then,
the row is INCERTO, and a definite outcome still settles it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog

from app.erros import Erro
from app.provedores.envio import Envio, Resultado
from app.worker.contexto import Contexto, NumeroPronto

LOTE: Final = 10
ESPERA_S: Final = 0.1
_registro = structlog.get_logger(__name__)


class Registrador:
    """Collects the outcomes of one number. `ao_gravar` is called when messages are settled: the next may go."""

    def __init__(self, contexto: Contexto, numero: NumeroPronto, ao_gravar: Callable[[], None]) -> None:
        self._contexto = contexto
        self._numero = numero
        self._ao_gravar = ao_gravar
        self._pendentes: list[tuple[Envio, Resultado]] = []
        self._cheio = asyncio.Event()
        self._limpo = asyncio.Event()
        self._limpo.set()
        self._fim = False

    def anotar(self, envio: Envio, resultado: Resultado) -> None:
        self._pendentes.append((envio, resultado))
        self._limpo.clear()
        # the next message of a conversation waits for this to be written
        if len(self._pendentes) >= LOTE or envio.alvo_tipo == "MENSAGEM":
            self._cheio.set()

    async def assentar(self) -> None:
        """Wait until every outcome known so far is written."""
        await self._limpo.wait()

    def encerrar(self) -> None:
        """No more outcomes will come: `correr` returns once what there is has been written."""
        self._fim = True
        self._cheio.set()

    async def correr(self) -> None:
        while not self._fim or self._pendentes:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._cheio.wait(), ESPERA_S)
            if not self._fim:
                self._cheio.clear()
            await self._gravar()

    async def _gravar(self) -> None:
        """Write what there is now; what comes meanwhile waits for company."""
        quantos, restam = LOTE * 10, len(self._pendentes)
        while restam > 0:
            lote = self._pendentes[: min(quantos, restam)]
            try:
                await self._contexto.registrar(self._numero, lote)
            except Erro as erro:
                if erro.status in (503, 504):
                    _registro.warning("registro_adiado", codigo=erro.codigo, sqlstate=erro.sqlstate, quantos=len(lote))
                    await asyncio.sleep(0.5)
                    continue
                _registro.error("registro_recusado", codigo=erro.codigo, sqlstate=erro.sqlstate, quantos=len(lote))
                if len(lote) > 1:
                    quantos = 1
                    continue
                # the database will never take it: the lease ends, the row is INCERTO and a person decides
            del self._pendentes[: len(lote)]
            restam -= len(lote)
            if any(envio.alvo_tipo == "MENSAGEM" for envio, _ in lote):
                self._ao_gravar()
        if not self._pendentes:
            self._limpo.set()
