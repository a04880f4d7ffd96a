"""WhatsApp's own limit on new conversations: the daily quota, the time-lock, and the call that tells about both."""

from __future__ import annotations

from typing import Any

from app.simulador.destinatarios import Comportamento
from app.simulador.mundo import Mundo
from app.simulador.relogio import DIA
from app.simulador.uaizap import pessoas
from app.simulador.uaizap.erros import TEXTO_463, restrita
from app.simulador.uaizap.estado import Instancia
from app.simulador.uaizap.tempo import iso


def exigir_conversa(mundo: Mundo, inst: Instancia, usuario: str, comportamento: Comportamento) -> None:
    """Old conversations always pass; a new one needs quota and no lock."""
    if usuario in inst.conversas or pessoas.coletivo(usuario):
        return
    agora = mundo.relogio.agora()
    if comportamento.restringe or agora < inst.trava_ate or _cheia(mundo, inst):
        raise restrita(inst.travar(agora, mundo.ajustes_uaizap.timelock_s))


def contar_conversa(mundo: Mundo, inst: Instancia, usuario: str) -> None:
    if usuario not in inst.conversas:
        inst.conversas.add(usuario)
        inst.novas.append(mundo.relogio.agora())


def limites(mundo: Mundo, inst: Instancia) -> dict[str, Any]:
    agora = mundo.relogio.agora()
    travada = agora < inst.trava_ate
    pode = not travada and not _cheia(mundo, inst)
    usadas = inst.novas_no_dia(agora)
    cota = mundo.ajustes_uaizap.timelock_after_new_chats
    corpo: dict[str, Any] = {
        "can_send_new_messages": pode,
        "message": "New conversations are allowed" if pode else TEXTO_463,
        "message_ptbr": "Novas conversas permitidas" if pode else "O WhatsApp restringiu novas conversas nesta conta",
        "new_chat_message_capping": {
            "available": True,
            "status": "" if pode else "CAPPED",
            "used_quota": usadas,
            "total_quota": -1 if cota is None else cota,
            "cycle_end": iso((inst.novas[0] if inst.novas else agora) + DIA),
        },
        "reachout_timelock": {
            "available": True,
            "active": travada,
            "until": iso(inst.trava_ate) if travada else "",
            "enforcement_type": "TEMPORARY" if travada else "",
        },
        "provider": "whatsapp",
        "reachable": inst.conectada,
        "diagnostics_endpoint": "/instance/wa_messages_limits",
    }
    return corpo if pode else corpo | {"error_key": "WHATSAPP_REACHOUT_TIMELOCK"}


def _cheia(mundo: Mundo, inst: Instancia) -> bool:
    cota = mundo.ajustes_uaizap.timelock_after_new_chats
    return cota is not None and inst.novas_no_dia(mundo.relogio.agora()) >= cota
