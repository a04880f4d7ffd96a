"""Work that sends nothing: feeding campaigns, starting scheduled ones, processing webhooks.

It is one database transaction per batch, so a crash gives everything back. A batch that fails, or takes too long, is
halved until only the culprits are left alone; one that fails three times is parked in `fila_morta`, visible, without
stopping the others.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.erros import Erro
from app.worker.contexto import Contexto

LOTE: Final = 100
_registro = structlog.get_logger(__name__)


async def executar_interno(contexto: Contexto, cliente_id: UUID) -> None:
    """Do what is due for one tenant."""
    while not contexto.parar.is_set():
        try:
            feitos = msgspec.json.decode(
                await contexto.banco.chamar("worker.interno_executar", {"p_cliente_id": cliente_id, "p_limite": LOTE}),
                type=int,
            )
        except Erro as erro:
            if erro.status == 503:
                return
            _registro.error("trabalho_interno_falhou", cliente=str(cliente_id), sqlstate=erro.sqlstate)
            await _isolar(contexto, cliente_id)
            return
        if feitos < LOTE:
            return


async def _isolar(contexto: Contexto, cliente_id: UUID) -> None:
    vencidos = msgspec.json.decode(
        await contexto.banco.chamar("worker.interno_vencidos", {"p_cliente_id": cliente_id, "p_limite": LOTE}),
        type=list[UUID],
    )
    # the whole was just tried: begin with the halves
    lotes = [*_metades(vencidos)]
    while lotes and not contexto.parar.is_set():
        lote = lotes.pop(0)
        try:
            await contexto.banco.chamar("worker.interno_executar_estes", {"p_cliente_id": cliente_id, "p_ids": lote})
        except Erro as erro:
            if erro.status == 503:
                return
            if len(lote) > 1:
                lotes = [*_metades(lote), *lotes]
                continue
            await contexto.banco.chamar(
                "worker.interno_falhar",
                {"p_cliente_id": cliente_id, "p_id": lote[0], "p_erro": f"{erro.corpo.mensagem} ({erro.sqlstate})"},
            )


def _metades(lote: list[UUID]) -> list[list[UUID]]:
    """In the order in which they wait."""
    meio = (len(lote) + 1) // 2
    return [metade for metade in (lote[:meio], lote[meio:]) if metade]
