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

# at once, per number; a claim is larger than that as long as batches end quickly, well within their lease
AO_MESMO_TEMPO: Final = 10
LOTE_MAXIMO: Final = 50
RAPIDO_S: Final = 1.0
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
        self._chamada = False

    def chamar(self) -> None:
        """There is work due: look once more before ending."""
        self._chamada = True

    async def correr(self) -> None:
        feitos: list[Trabalho] = []
        ultimo: Trabalho | None = None
        recomeco = monotonic()
        lote = AO_MESMO_TEMPO
        while True:
            if monotonic() - recomeco > RECOMECA_S:
                ultimo, recomeco = None, monotonic()
            quantos = 0 if self._contexto.parar.is_set() else lote
            self._chamada = False
            try:
                trabalhos = await self._contexto.trocar(self._numero, feitos, quantos, ultimo)
            except Erro as erro:
                # what is done will be done again when its lease ends: every kind may be repeated
                _registro.warning("borda_interrompida", conexao=str(self._numero.conexao_id), codigo=erro.codigo)
                return
            if not trabalhos:
                if self._chamada:
                    feitos, ultimo = [], None
                    continue
                return
            ultimo = trabalhos[-1]
            inicio = monotonic()
            certos = await asyncio.gather(*(self._fazer(t) for t in trabalhos))
            lote = min(2 * lote, LOTE_MAXIMO) if monotonic() - inicio < RAPIDO_S else AO_MESMO_TEMPO
            feitos = [t for t, certo in zip(trabalhos, certos, strict=True) if certo]

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
