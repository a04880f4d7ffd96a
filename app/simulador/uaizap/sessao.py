"""The life of a device session: pairing by image or code, expiry, connection, drops that heal and drops that do not."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.uaizap import fila, qr
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import Instancia, Status
from app.simulador.uaizap.eventos import publicar_conexao
from app.simulador.uaizap.tempo import espacado

SAIU = "401: logged out from another device"
PASSAGEIRA = "connection lost"
_REINICIO = 2 * SEGUNDO
_DESCANSO = 60 * SEGUNDO


def conectar(mundo: Mundo, inst: Instancia, telefone: str) -> None:
    """Shows an image, or a code when starting from nothing; asking again keeps the pairing that is going on.

    A session that merely dropped comes back without one.
    """
    if inst.status != "disconnected":
        return
    mundo.uaizap.exigir_vaga(inst)
    if inst.sessao:
        ligar(mundo, inst)
        return
    inst.geracao += 1
    inst.status = "connecting"
    inst.conectando_desde = agora = mundo.relogio.agora()
    inst.paircode = qr.codigo(mundo.sorteio, inst) if telefone else ""
    publicar_conexao(mundo, inst, qrcode=qr.imagem(mundo.sorteio, inst, agora))
    vida = qr.VIDA_DO_CODIGO if telefone else qr.VIDA
    expirar = partial(_se_ainda, inst, inst.geracao, partial(_desligar, mundo, inst, "pairing expired"))
    mundo.relogio.agendar(agora + vida, expirar, volatil=False)


def escanear(mundo: Mundo, inst: Instancia, owner: str) -> None:
    if inst.status != "connecting":
        raise ValueError(f"instance {inst.id} shows no QR code")
    inst.owner = owner
    ligar(mundo, inst)


def ligar(mundo: Mundo, inst: Instancia) -> None:
    """A fresh login gets a new device number; a session that comes back keeps its own."""
    if not inst.sessao:
        inst.aparelho += 1
    inst.sessao = True
    inst.status = "connected"
    inst.paircode = ""
    inst.reiniciando = False
    inst.geracao += 1
    publicar_conexao(mundo, inst)
    retidos, inst.retidos = inst.retidos, []
    for publicar in retidos:
        publicar()
    _marcar_queda(mundo, inst)
    fila.retomar(mundo, inst)


def sair(mundo: Mundo, inst: Instancia, motivo: str) -> None:
    """The session is gone: a new pairing is needed. The number stays known."""
    inst.sessao = False
    _desligar(mundo, inst, motivo, "LoggedOut")


def oscilar(mundo: Mundo, inst: Instancia, motivo: str, volta: int) -> None:
    """A drop that heals by itself."""
    _desligar(mundo, inst, motivo)
    voltar = partial(_se_ainda, inst, inst.geracao, partial(ligar, mundo, inst))
    mundo.relogio.agendar(mundo.relogio.agora() + volta, voltar, volatil=False)


def desconectar(mundo: Mundo, inst: Instancia) -> None:
    """Asked for through the API: no surprise, hence no logged-out event."""
    inst.sessao = False
    _desligar(mundo, inst, "disconnected by API")


def reiniciar(mundo: Mundo, inst: Instancia) -> str:
    agora = mundo.relogio.agora()
    if not inst.sessao:
        raise Recusado(409, "not_resettable", "instance has no session to reset")
    if inst.reiniciando:
        return "Reset already running"
    if inst.reiniciada_em is not None and agora < inst.reiniciada_em + _DESCANSO:
        return "Reset in cooldown"
    inst.reiniciando = True
    inst.reiniciada_em = agora
    oscilar(mundo, inst, "reset", _REINICIO)
    return "Reset started"


def remarcar_quedas(mundo: Mundo) -> None:
    """A new scenario may have made sessions flaky, or stopped doing so."""
    for inst in mundo.uaizap.instancias.values():
        if inst.conectada:
            inst.geracao += 1
            _marcar_queda(mundo, inst)


def vista(mundo: Mundo, inst: Instancia) -> dict[str, Any]:
    """The ``instance`` object, with the fields seen on real builds."""
    agora = mundo.relogio.agora()
    return {
        "id": inst.id,
        "token": inst.token,
        "name": inst.name,
        "status": inst.status,
        "qrcode": qr.imagem(mundo.sorteio, inst, agora),
        "paircode": inst.paircode,
        "profileName": "Empresa Exemplo" if inst.sessao else "",
        "profilePicUrl": "",
        "isBusiness": True,
        "plataform": "smba" if inst.sessao else "",
        "systemName": "uazapiGO",
        "owner": inst.owner,
        "current_presence": "available",
        "lastDisconnect": espacado(inst.queda_em) if inst.queda_em is not None else "",
        "lastDisconnectReason": inst.motivo_da_queda,
        "msg_delay_min": inst.delay_min,
        "msg_delay_max": inst.delay_max,
        "adminField01": "",
        "adminField02": "",
        "created": espacado(inst.criada_em),
        "updated": espacado(agora),
        "currentTime": espacado(agora),
        **inst.ficha,
    }


def estado(mundo: Mundo, inst: Instancia) -> dict[str, Any]:
    """``jid`` is a string in live captures, an object in the specification, and null before login."""
    quem: Any = None
    if inst.sessao:
        quem = f"{inst.owner}:{inst.aparelho}@s.whatsapp.net"
        if mundo.ajustes_uaizap.jid_as_object:
            quem = {"user": inst.owner, "agent": 0, "device": inst.aparelho, "server": "s.whatsapp.net"}
    return {"connected": inst.conectada, "loggedIn": inst.sessao, "jid": quem, "resetting": inst.reiniciando}


def _desligar(mundo: Mundo, inst: Instancia, motivo: str, tipo: str = "") -> None:
    inst.status = "disconnected"
    inst.paircode = ""
    inst.geracao += 1
    inst.queda_em = mundo.relogio.agora()
    inst.motivo_da_queda = motivo
    publicar_conexao(mundo, inst, tipo=tipo)


def _se_ainda(inst: Instancia, geracao: int, acao: Any) -> None:
    """Timers of an earlier state do nothing."""
    if inst.geracao == geracao:
        acao()


def _marcar_queda(mundo: Mundo, inst: Instancia) -> None:
    cada = mundo.ajustes_uaizap.drop_every_s
    if cada is None:
        return
    volta = int(mundo.ajustes_uaizap.reconnect_s * SEGUNDO)
    cair = partial(_se_ainda, inst, inst.geracao, partial(oscilar, mundo, inst, PASSAGEIRA, volta))
    mundo.relogio.agendar(mundo.relogio.agora() + int(cada * SEGUNDO), cair, volatil=False)


def forcar(mundo: Mundo, inst: Instancia, status: Status) -> None:
    """Puts an instance of the control API where a test wants it, by the ordinary ways."""
    if status == "connected" and not inst.conectada:
        ligar(mundo, inst)
    elif status == "connecting":
        conectar(mundo, inst, "")
    elif status == "disconnected" and inst.status != "disconnected":
        desconectar(mundo, inst)
