"""Work that sends nothing: feeding campaigns, starting scheduled ones, processing webhooks.

It is one database transaction per batch, so a crash gives everything back. A batch that fails is tried row by row, and
a row that fails three times is parked in `fila_morta`, visible, without stopping the others.
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
            if erro.status in (503, 504):
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
    for um in vencidos:
        este = {"p_cliente_id": cliente_id, "p_id": um}
        try:
            await contexto.banco.chamar("worker.interno_executar_um", este)
        except Erro as erro:
            if erro.status in (503, 504):
                return
            texto = f"{erro.sqlstate}: {erro.corpo.mensagem}"
            await contexto.banco.chamar("worker.interno_falhar", {**este, "p_erro": texto})
