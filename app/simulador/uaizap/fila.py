"""The gateway's own queue for ``async`` sends: it spaces them out, waits for the device, and fails in silence."""

from __future__ import annotations

from functools import partial

from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.uaizap import entrega, pessoas, restricao
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import Instancia, Mensagem, Pendente


def enfileirar(mundo: Mundo, inst: Instancia, pendente: Pendente) -> None:
    inst.fila.append(pendente)
    retomar(mundo, inst)


def retomar(mundo: Mundo, inst: Instancia) -> None:
    """Sets the next send, once, if there is one and the device is there to make it."""
    if inst.fila_marcada or not inst.fila or not inst.conectada:
        return
    inst.fila_marcada = True
    sorte = mundo.sorteio.fracao("fila", inst.fila[0].mensagem.id)
    espera = inst.delay_min + sorte * max(0.0, inst.delay_max - inst.delay_min)
    vez = mundo.relogio.agora() + int(espera * SEGUNDO)
    mundo.relogio.agendar(vez, partial(_comecar, mundo, inst), volatil=False)


def estado(inst: Instancia) -> str:
    if inst.reiniciando:
        return "resetting"
    if inst.processando:
        return "processing"
    if not inst.fila:
        return "idle"
    return "queued" if inst.conectada else "waiting_connection"


def esvaziar(mundo: Mundo, inst: Instancia) -> int:
    if inst.processando:
        raise Recusado(409, "queue_busy", "queue is busy")
    canceladas = len(inst.fila)
    while inst.fila:
        _perder(mundo, inst.fila.popleft().mensagem, "canceled")
    return canceladas


def _comecar(mundo: Mundo, inst: Instancia) -> None:
    """Shows "typing…" for as long as the message asks for."""
    if not inst.fila or not inst.conectada:
        inst.fila_marcada = False
        return
    inst.processando = True
    mundo.relogio.agendar(mundo.relogio.agora() + inst.fila[0].espera, partial(_enviar, mundo, inst), volatil=False)


def _enviar(mundo: Mundo, inst: Instancia) -> None:
    inst.processando = inst.fila_marcada = False
    if not inst.fila or not inst.conectada:
        return
    pendente = inst.fila.popleft()
    m = pendente.mensagem
    try:
        pessoas.exigir_existente(mundo, m.usuario)
        restricao.exigir_conversa(mundo, inst, m.usuario, pendente.comportamento)
    except Recusado:
        _perder(mundo, m, "failed")
    else:
        entrega.acompanhar(mundo, inst, m, pendente.comportamento)
        if m.tentativa is not None:
            mundo.livro.anotar(m.tentativa)
    retomar(mundo, inst)


def _perder(mundo: Mundo, m: Mensagem, status: str) -> None:
    """Only ``/message/find`` will ever tell."""
    m.status = status
    if m.tentativa is not None:
        m.tentativa.final_previsto = "failed"
        m.tentativa.final_emitido_em = mundo.relogio.agora()
        mundo.livro.anotar(m.tentativa)
