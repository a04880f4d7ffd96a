"""Read marks and "typing": done for the person on the other side, and worth nothing late.

A mark that the provider refuses is let go: nobody can do anything about it, and the conversation goes on.
"""

from __future__ import annotations

from typing import Final

import structlog

from app.cifra import InvalidTag
from app.provedores.leitura import FalhaLeitura
from app.worker.contexto import Contexto, NumeroPronto, Trabalho

TENTATIVAS: Final = 3
_registro = structlog.get_logger(__name__)


async def marcar_leitura(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """Tell the provider that a received message, and those before it, were read."""
    await _marcar(contexto, numero, trabalho, digitando=False)


async def mostrar_digitando(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """The same, and that an answer is being written. Late, it would only mislead: it is tried once."""
    await _marcar(contexto, numero, trabalho, digitando=True)


async def _marcar(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho, *, digitando: bool) -> None:
    id_externo = await contexto.leitura_obter(numero, trabalho.alvo_id)
    if id_externo is None:
        return
    try:
        conexao = await contexto.abrir_conexao(numero)
        await contexto.leituras[conexao.provedor].marcar_lida(conexao, id_externo, digitando=digitando)
    except InvalidTag:
        _registro.warning("leitura_nao_marcada", conexao=str(numero.conexao_id), causa="credencial ilegível")
    except FalhaLeitura as falha:
        if falha.passageira and not digitando and trabalho.tentativas < TENTATIVAS:
            raise
        _registro.warning("leitura_nao_marcada", conexao=str(numero.conexao_id), codigo=falha.codigo, causa=str(falha))
