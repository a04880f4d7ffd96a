"""Turns a fault's action into an answer, or into a wait before the normal one."""

from __future__ import annotations

from statistics import NormalDist

import msgspec

from app.simulador.erros import Negado
from app.simulador.falhas import Acao, milissegundos
from app.simulador.http import PAGINA_PROXY, Pedido, Resposta
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO

_P99 = NormalDist().inv_cdf(0.99)


async def aplicar(mundo: Mundo, pedido: Pedido, acao: Acao, ponto: float, normal: Resposta | None) -> Resposta | None:
    """The spoiled answer; nothing means "carry on", after whatever delay was due."""
    base = normal or Resposta(corpo=b'{"messaging_product":"whatsapp"}')
    match acao.kind:
        case "delay":
            await mundo.relogio.dormir(milissegundos(acao, ponto) * 1000)
            return None
        case "reset":
            return Resposta(modo="reset")
        case "refuse":
            await mundo.recusar(acao.seconds)
            return Resposta(modo="reset")
        case "hang":
            return Resposta(modo="muda", parametro=int(acao.seconds * SEGUNDO))
        case "truncate":
            return Resposta(corpo=base.corpo, modo="truncada", parametro=acao.bytes)
        case "slow_body":
            return Resposta(corpo=base.corpo, modo="lenta", parametro=milissegundos(acao, ponto))
        case "error_code":
            return mundo.resposta_erro(Negado(acao.code), pedido)
        case "status":
            return _status(mundo, acao, pedido)
        case _:
            return None


def _status(mundo: Mundo, acao: Acao, pedido: Pedido) -> Resposta:
    if acao.html:
        return Resposta(http=acao.http, corpo=PAGINA_PROXY, tipo="text/html; charset=utf-8")
    if acao.body is not None:
        return Resposta(http=acao.http, corpo=msgspec.json.encode(acao.body))
    resposta = mundo.resposta_erro(Negado(acao.code), pedido)
    resposta.http = acao.http
    return resposta


async def latencia(mundo: Mundo, identidade: str, vez: int) -> None:
    """The provider's thinking time, log-normal through the two given percentiles."""
    faixa = mundo.ajustes.latency_ms
    if faixa is None:
        return
    p50, p99 = faixa
    ponto = min(max(mundo.sorteio.fracao("latency", identidade, vez), 1e-6), 1 - 1e-6)
    ms = p50 * (p99 / p50) ** (NormalDist().inv_cdf(ponto) / _P99)
    await mundo.relogio.dormir(int(ms * 1000))
