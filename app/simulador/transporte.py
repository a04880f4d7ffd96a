"""Hurts requests as told: turns a fault's action into an answer, or into a wait before the normal one."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import msgspec

from app.simulador.destinatarios import Comportamento
from app.simulador.falhas import Acao, Alvo, Etapa, milissegundos
from app.simulador.http import PAGINA_PROXY, Pedido, Resposta
from app.simulador.livro import Tentativa
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO

_P99 = NormalDist().inv_cdf(0.99)


async def falhar(
    mundo: Mundo,
    etapa: Etapa,
    pedido: Pedido,
    comportamento: Comportamento,
    alvo: Callable[[], Alvo],
    normal: Resposta | None = None,
) -> Resposta | None:
    """A recipient's own misbehaviour first, then the scenario's rules."""
    propria = {
        "before_read": comportamento.antes_de_ler,
        "pre_accept": comportamento.antes_de_aceitar,
        "post_accept": comportamento.depois_de_aceitar,
    }[etapa]
    if propria is not None:
        return await aplicar(mundo, pedido, propria, 0.0, normal)
    if not mundo.falhas.ativa(etapa, pedido.provedor):
        return None
    decisao = mundo.falhas.decidir(etapa, alvo(), mundo.relogio.agora())
    return None if decisao is None else await aplicar(mundo, pedido, *decisao, normal)


def encerrar(mundo: Mundo, pedido: Pedido, tentativa: Tentativa, resposta: Resposta) -> Resposta:
    """Writes down what the client will see of the answer."""
    if resposta.modo in ("inteira", "lenta") and not pedido.cliente_saiu():
        tentativa.http = resposta.http
        tentativa.codigo = resposta.codigo
        tentativa.contado = tentativa.aceita and resposta.http == 200 and resposta.tipo.startswith("application/json")
    mundo.livro.anotar(tentativa)
    return resposta


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
            await mundo.recusar(pedido.provedor, acao.seconds)
            return Resposta(modo="reset")
        case "hang":
            return Resposta(modo="muda", parametro=int(acao.seconds * SEGUNDO))
        case "truncate":
            return Resposta(corpo=base.corpo, modo="truncada", parametro=acao.bytes)
        case "slow_body":
            return Resposta(corpo=base.corpo, modo="lenta", parametro=milissegundos(acao, ponto))
        case "error_code":
            return mundo.resposta_de_codigo(acao.code, pedido)
        case "status":
            return _status(mundo, acao, pedido)
        case _:
            return None


def _status(mundo: Mundo, acao: Acao, pedido: Pedido) -> Resposta:
    if acao.html:
        return Resposta(http=acao.http, corpo=PAGINA_PROXY, tipo="text/html; charset=utf-8")
    if acao.body is not None:
        return Resposta(http=acao.http, corpo=msgspec.json.encode(acao.body))
    resposta = mundo.resposta_de_codigo(acao.code, pedido)
    resposta.http = acao.http
    return resposta


async def latencia(mundo: Mundo, faixa: tuple[float, float] | None, identidade: str, vez: int) -> None:
    """The provider's thinking time, log-normal through the two given percentiles."""
    if faixa is None:
        return
    p50, p99 = faixa
    ponto = min(max(mundo.sorteio.fracao("latency", identidade, vez), 1e-6), 1 - 1e-6)
    ms = p50 * (p99 / p50) ** (NormalDist().inv_cdf(ponto) / _P99)
    await mundo.relogio.dormir(int(ms * 1000))
