"""Who a ``number`` names, under which ids the gateway knows them, and whether they have WhatsApp at all."""

from __future__ import annotations

from app.simulador.destinatarios import Comportamento, canonico, comportamento_de, limpar
from app.simulador.mundo import Mundo
from app.simulador.uaizap.erros import fora_do_whatsapp

_PESSOA = "@s.whatsapp.net"
_OCULTO = "@lid"
_COLETIVOS = ("@g.us", "@newsletter")
_SEM_WHATSAPP = "131026"


def usuario_de(mundo: Mundo, numero: str) -> str:
    """The canonical person, or the JID itself for groups and unknown hidden ids; empty when it is neither."""
    if numero.endswith(_COLETIVOS):
        return numero
    if numero.endswith(_OCULTO):
        return mundo.destinatarios.dono_do_lid(numero.removesuffix(_OCULTO)) or numero
    digitos = limpar(numero.removesuffix(_PESSOA).partition(":")[0])
    return canonico(digitos) if digitos else ""


def coletivo(usuario: str) -> bool:
    return usuario.endswith(_COLETIVOS)


def comportamento_do(mundo: Mundo, usuario: str) -> Comportamento:
    return mundo.destinatarios.comportamento(usuario) if usuario.isdecimal() else comportamento_de("default")


def jid(mundo: Mundo, usuario: str) -> str:
    """Maybe without the ninth digit; a person known only by username shows the hidden id."""
    if "@" in usuario:
        return usuario
    wa_id = mundo.destinatarios.wa_id(usuario, comportamento_do(mundo, usuario))
    return lid(mundo, usuario) if wa_id is None else wa_id + _PESSOA


def lid(mundo: Mundo, usuario: str) -> str:
    if "@" in usuario:
        return usuario if usuario.endswith(_OCULTO) else ""
    return mundo.destinatarios.lid(usuario) + _OCULTO


def existe(mundo: Mundo, usuario: str) -> bool:
    if "@" in usuario:
        return coletivo(usuario)
    ficha = mundo.destinatarios.ficha(usuario)
    # A person who blocked the business still has WhatsApp.
    if ficha is not None:
        return ficha.on_whatsapp and ficha.behaviour not in (_SEM_WHATSAPP, "9026")
    comportamento = mundo.destinatarios.comportamento(usuario)
    razao = mundo.ajustes_uaizap.not_on_whatsapp_ratio
    if comportamento.nome != "default" or not razao:
        return comportamento.nome != _SEM_WHATSAPP
    return mundo.sorteio.fracao("not_on_whatsapp", usuario) >= razao


def exigir_existente(mundo: Mundo, usuario: str) -> None:
    if not existe(mundo, usuario):
        raise fora_do_whatsapp(usuario.partition("@")[0], mundo.ajustes_uaizap.not_on_whatsapp_http)


def telefone(mundo: Mundo, usuario: str) -> str:
    """``+55 34 9999-0002`` or plain digits: the gateway writes it either way."""
    digitos = jid(mundo, usuario).partition("@")[0]
    if not digitos.startswith("55") or mundo.sorteio.fracao("telefone", usuario) < 0.3:
        return digitos
    return f"+55 {digitos[2:4]} {digitos[4:-4]}-{digitos[-4:]}"
