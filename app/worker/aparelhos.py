"""Edge work of UaiZap devices: asking how they are, and looking for what may or may not have gone out."""

from __future__ import annotations

from typing import Final, NoReturn

import msgspec

from app.credenciais import ConexaoAberta
from app.provedores.uaizap_gestao import FalhaUaizap, UaizapGestao
from app.worker.borda import Depois, Impossivel
from app.worker.contexto import Contexto, NumeroPronto, Trabalho

# events of the device say when to ask at once; this is for the ones that got lost
RONDA_S: Final = 120.0
# while somebody pairs, and while a session comes back
CONECTANDO_S: Final = 5.0
SEM_SERVIDOR_S: Final = 30.0
_ENDERECO_RECUSADO: Final = 1490


class _Busca(msgspec.Struct, frozen=True, rename="camel"):
    espera_s: float | None


def _gestao(contexto: Contexto) -> UaizapGestao:
    if contexto.uaizap is None:
        raise Impossivel("este worker não fala com servidores UaiZap")
    return contexto.uaizap


async def consultar_aparelho(contexto: Contexto, numero: NumeroPronto, conexao: ConexaoAberta) -> NoReturn:
    """Ask the gateway for the state of the device and write it down; always ends by asking to come back."""
    alvo = {"p_cliente_id": numero.cliente_id, "p_conexao_id": numero.conexao_id}
    try:
        situacao = await _gestao(contexto).consultar(conexao)
    except FalhaUaizap as falha:
        if falha.status == 503:
            raise Depois(SEM_SERVIDOR_S) from None
        perdida = {**alvo, "p_status": "DESCONECTADA", "p_motivo": falha.corpo.mensagem}
        await contexto.banco.chamar("worker.instancia_registrar", perdida)
        raise Depois(RONDA_S) from None
    await contexto.banco.chamar(
        "worker.instancia_registrar",
        {
            **alvo,
            "p_status": situacao.estado,
            "p_motivo": situacao.motivo,
            "p_numero": situacao.numero,
            "p_jid": situacao.jid,
        },
    )
    raise Depois(CONECTANDO_S if situacao.estado == "CONECTANDO" else RONDA_S)


async def reconciliar(contexto: Contexto, numero: NumeroPronto, trabalho: Trabalho) -> None:
    """Look for an uncertain attempt by the id that travelled with it, after 10 s, 60 s and 5 min."""
    alvo = {
        "p_cliente_id": numero.cliente_id,
        "p_conexao_id": numero.conexao_id,
        "p_tentativa_id": trabalho.alvo_id,
    }
    if await contexto.banco.chamar("worker.reconciliacao_conferir", alvo) != b"true":
        return
    conexao = await contexto.abrir_conexao(numero)
    try:
        achada = await _gestao(contexto).achar(conexao, trabalho.alvo_id)
    except FalhaUaizap as falha:
        if falha.codigo_provedor == _ENDERECO_RECUSADO:
            raise Impossivel(falha.corpo.mensagem) from None
        raise Depois(SEM_SERVIDOR_S) from None
    resposta = await contexto.banco.chamar(
        "worker.reconciliacao_registrar",
        {**alvo, "p_achada": None if achada is None else msgspec.Raw(msgspec.json.encode(achada))},
    )
    espera = msgspec.json.decode(resposta, type=_Busca).espera_s
    if espera is not None:
        raise Depois(espera)
