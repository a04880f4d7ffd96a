"""Ask the provider how a number is, every twenty minutes and whenever an error is about the number itself."""

from __future__ import annotations

from typing import Final

import msgspec
import structlog

from app.cifra import InvalidTag
from app.erros import Erro
from app.worker.aparelhos import consultar_aparelho
from app.worker.borda import Depois
from app.worker.contexto import Contexto, NumeroPronto, Trabalho

INTERVALO_S: Final = 1200.0
_registro = structlog.get_logger(__name__)


async def consultar_conexao(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """One question; the row of the queue comes back by itself until the connection is switched off."""
    try:
        conexao = await contexto.abrir_conexao(numero)
    except InvalidTag:
        raise Depois(INTERVALO_S) from None
    except Erro as erro:
        if erro.status == 404:  # removed meanwhile
            return
        raise
    if conexao.instancia is not None:
        await consultar_aparelho(contexto, numero, conexao)
    provedor = contexto.saudes.get(conexao.provedor)
    if provedor is None:
        return
    try:
        saude = await provedor.consultar_saude(conexao)
    except Erro as erro:  # sending finds out by itself what a refused credential means
        _registro.warning("consulta_sem_resposta", conexao=str(numero.conexao_id), codigo=erro.codigo)
        raise Depois(max(INTERVALO_S, float(erro.espera_s or 0))) from None
    vale = msgspec.json.decode(
        await contexto.banco.chamar(
            "worker.conexao_saude_registrar",
            {
                "p_cliente_id": numero.cliente_id,
                "p_conexao_id": numero.conexao_id,
                "p_saude": msgspec.Raw(msgspec.json.encode(saude)),
            },
        ),
        type=bool,
    )
    if vale:
        raise Depois(INTERVALO_S)
