"""``/chat/*``: who has WhatsApp, and the little CRM the gateway keeps of conversations."""

from __future__ import annotations

from app.simulador.uaizap import pessoas
from app.simulador.uaizap.contexto import Contexto
from app.simulador.uaizap.erros import Recusado, texto_fora
from app.simulador.uaizap.eventos import conversa


def conferir(c: Contexto) -> object:
    numeros = c.corpo.get("numbers")
    if not isinstance(numeros, list) or not numeros:
        raise Recusado(400, "request", "Missing numbers")
    if not c.inst.sessao:
        raise Recusado(401, "no_session", "No active session")
    c.exigir_conexao()
    return [_um(c, str(numero)) for numero in numeros]


def detalhar(c: Contexto) -> object:
    return conversa(c.mundo, c.inst, c.usuario())


def procurar(c: Contexto) -> object:
    abertas = sorted(c.inst.conversas)
    qual = c.corpo.get("wa_chatid")
    chats = [conversa(c.mundo, c.inst, usuario) for usuario in abertas]
    chats = [chat for chat in chats if not qual or chat["wa_chatid"] == qual]
    return {"chats": chats, "totalChatsStats": {"total_chats": {"value": len(chats)}}}


def ler(c: Contexto) -> object:
    usuario = c.usuario()
    c.inst.por_ler[usuario] = 0 if c.corpo.get("read", True) else max(1, c.inst.por_ler[usuario])
    return {"response": "Chat read status updated successfully"}


def bloquear(c: Contexto) -> object:
    usuario = c.usuario()
    if c.corpo.get("block", True):
        c.inst.bloqueados.add(usuario)
    else:
        c.inst.bloqueados.discard(usuario)
    return {"response": "Blocklist updated", "blockList": sorted(pessoas.jid(c.mundo, u) for u in c.inst.bloqueados)}


def _um(c: Contexto, numero: str) -> dict[str, object]:
    usuario = pessoas.usuario_de(c.mundo, numero)
    if usuario and pessoas.existe(c.mundo, usuario):
        return {
            "query": numero,
            "jid": pessoas.jid(c.mundo, usuario),
            "lid": pessoas.lid(c.mundo, usuario),
            "isInWhatsapp": True,
            "verifiedName": "",
        }
    return {"query": numero, "jid": "", "isInWhatsapp": False, "verifiedName": "", "error": texto_fora(numero)}
