"""After the gateway sends: the echo comes back, the phone gets it, receipts arrive, and some people answer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from app.simulador.destinatarios import Comportamento
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.roteiro import Passo, Plano, planejar
from app.simulador.uaizap import pessoas
from app.simulador.uaizap.entrada import ao_receber
from app.simulador.uaizap.estado import Instancia, Mensagem
from app.simulador.uaizap.eventos import publicar_mensagem
from app.simulador.uaizap.recibos import recibo
from app.simulador.uaizap.restricao import contar_conversa

_RESPOSTA_APOS = 2 * SEGUNDO
_MS = 1000
_RECIBOS = {"delivered": "Delivered", "read": "Read", "played": "Played"}


def acompanhar(mundo: Mundo, inst: Instancia, m: Mensagem, comportamento: Comportamento) -> None:
    """Sets a message on its way to a person who exists."""
    contar_conversa(mundo, inst, m.usuario)
    agora = mundo.relogio.agora()
    plano = _planejar(mundo, inst, m, comportamento)
    mundo.aceitas_por_par[inst.id, m.usuario] += 1
    if m.tentativa is not None:
        m.tentativa.final_previsto = plano.final
        if plano.entrega_apos is not None:
            m.tentativa.entrega_em = agora + plano.entrega_apos
    for passo in plano.passos:
        if passo.status != "sent":
            acao = partial(recibo, mundo, inst, m, _RECIBOS[passo.status])
            mundo.relogio.agendar(agora + passo.apos, acao)
        elif passo.apos or not comportamento.status_antes_da_resposta:
            mundo.relogio.agendar(agora + passo.apos, partial(ecoar, mundo, inst, m))
        else:
            ecoar(mundo, inst, m)
    if comportamento.responde is not None:
        fala = partial(_responder, mundo, inst, m.usuario, comportamento.responde)
        mundo.relogio.agendar(agora + _RESPOSTA_APOS, fala)


def ecoar(mundo: Mundo, inst: Instancia, m: Mensagem) -> None:
    """Our own message, back from the device: the only push that proves it was sent."""
    publicar_mensagem(mundo, inst, m)
    tentativa = m.tentativa
    if tentativa is not None and tentativa.final_previsto == "sent" and tentativa.final_emitido_em is None:
        tentativa.final_emitido_em = mundo.relogio.agora()
        mundo.livro.anotar(tentativa)


def _responder(mundo: Mundo, inst: Instancia, usuario: str, texto: str) -> None:
    ao_receber(mundo, inst, usuario, "text", texto)


def _planejar(mundo: Mundo, inst: Instancia, m: Mensagem, comportamento: Comportamento) -> Plano:
    """The other provider's timeline; its ``sent`` is the echo here, and what it fails never leaves the first tick."""
    ficha = mundo.destinatarios.ficha(m.usuario)
    bloqueada = comportamento.so_quando == "second" and mundo.aceitas_por_par[inst.id, m.usuario] > 0
    if bloqueada or (ficha is not None and ficha.blocked) or pessoas.coletivo(m.usuario):
        roteiro: tuple[str, ...] = ("sent",)
    else:
        roteiro = tuple("sent" if s == "failed" else s for s in comportamento.roteiro)
    som = "audio" if m.media_type in ("audio", "ptt") else ""
    plano = planejar(replace(comportamento, roteiro=roteiro), None, som, mundo.sorteio.bytes_de("plano", m.id))
    atraso = mundo.ajustes_uaizap.echo_delay_ms * _MS
    if comportamento.status_antes_da_resposta:
        atraso = 0
    return plano._replace(passos=tuple(_no_eco(plano.passos, atraso)))


def _no_eco(passos: tuple[Passo, ...], atraso: int) -> list[Passo]:
    """Echoes that open the timeline come after the echo's own delay; one that closes it stays where it is."""
    feitos: list[Passo] = []
    for passo in passos:
        abre = passo.status == "sent" and all(p.status == "sent" for p in feitos)
        feitos.append(passo._replace(apos=atraso + len(feitos) * _MS) if abre else passo)
    return feitos
