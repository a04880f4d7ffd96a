"""Webhook bodies in the shapes captured from real instances, and which configurations get them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from app.simulador.falhas import Alvo
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.uaizap import pessoas
from app.simulador.uaizap.estado import ConfigWebhook, Instancia, Mensagem
from app.simulador.uaizap.tempo import espacado, iso
from app.simulador.webhooks import Remetente

_AGENTE = "uazapiGO-Webhook/1.0"
_PRIMEIRA, _SEGUINTES = 5 * SEGUNDO, 30 * SEGUNDO
_RUIDOS = ("retry", "sender", "inactive", "peer_msg")
_DA_RESPOSTA = (
    "id",
    "messageid",
    "chatid",
    "owner",
    "sender",
    "senderName",
    "fromMe",
    "isGroup",
    "messageType",
    "messageTimestamp",
    "status",
    "text",
    "content",
    "source",
    "quoted",
    "reaction",
    "edited",
    "convertOptions",
    "track_id",
    "track_source",
)


def objeto(mundo: Mundo, inst: Instancia, m: Mensagem) -> dict[str, Any]:
    """The ``message`` of a webhook. Who sent it shows as phone or as hidden id, by no rule worth trusting."""
    autor = inst.owner if m.de_mim else m.usuario
    pn, oculto = pessoas.jid(mundo, autor), pessoas.lid(mundo, autor)
    mostra_lid = not m.de_mim and mundo.sorteio.fracao("sender", m.id) < 0.6
    return {
        "buttonOrListid": m.botao,
        "chatid": m.chatid,
        "chatlid": "" if m.de_mim else pessoas.lid(mundo, m.usuario),
        "content": m.conteudo,
        "convertOptions": "",
        "edited": m.edited,
        "fromMe": m.de_mim,
        "groupName": "Unknown" if pessoas.coletivo(m.usuario) else "",
        "id": f"{inst.owner}:{m.id}",
        "isGroup": m.chatid.endswith("@g.us"),
        "mediaType": m.media_type,
        "messageTimestamp": m.quando // 1000,
        "messageType": m.tipo,
        "messageid": m.id,
        "owner": inst.owner,
        "pinned": False,
        "quoted": m.quoted,
        "reaction": m.reaction,
        "sender": oculto if mostra_lid else pn,
        "senderName": "" if m.de_mim else mundo.destinatarios.nome(m.usuario),
        "sender_lid": oculto,
        "sender_pn": pn,
        "source": "web" if m.por_api else "android",
        "status": "",
        "text": m.texto,
        "track_id": m.track_id,
        "track_source": m.track_source,
        "type": m.classe,
        "vote": m.vote,
        "wasSentByApi": m.por_api,
    }


def resposta_do_envio(mundo: Mundo, inst: Instancia, m: Mensagem) -> dict[str, Any]:
    completo = objeto(mundo, inst, m)
    corpo = {campo: completo[campo] for campo in _DA_RESPOSTA} | {"status": "Pending", "readChatAttempted": False}
    if mundo.ajustes_uaizap.response_wrapper:
        corpo["response"] = {"status": "success", "message": "Message sent successfully"}
    return corpo


def conversa(mundo: Mundo, inst: Instancia, usuario: str) -> dict[str, Any]:
    return {
        "id": "r" + mundo.sorteio.bytes_de("chat", f"{inst.id}|{usuario}")[:7].hex(),
        "image": "",
        "lead_name": "",
        "lead_tags": [],
        "name": "",
        "owner": inst.owner,
        "phone": pessoas.telefone(mundo, usuario),
        "wa_chatid": pessoas.jid(mundo, usuario),
        "wa_chatlid": pessoas.lid(mundo, usuario),
        "wa_contactName": "",
        "wa_isGroup": usuario.endswith("@g.us"),
        "wa_name": mundo.destinatarios.nome(usuario),
        "wa_unreadCount": inst.por_ler[usuario],
    }


def publicar_mensagem(mundo: Mundo, inst: Instancia, m: Mensagem) -> None:
    mensagem = objeto(mundo, inst, m)
    corpo = {"chat": conversa(mundo, inst, m.usuario), "chatSource": "updated", "message": mensagem}
    sinais = {
        "wasSentByApi" if m.por_api else "wasNotSentByApi",
        "fromMeYes" if m.de_mim else "fromMeNo",
        "isGroupYes" if mensagem["isGroup"] else "isGroupNo",
    }
    _publicar(mundo, inst, "messages", corpo, m.id, usuario=m.usuario, chave=m.track_id, sinais=sinais, tipo=m.tipo)


def publicar_recibo(
    mundo: Mundo,
    inst: Instancia,
    usuario: str,
    ids: Sequence[str],
    estado: str,
    *,
    tipo: str = "ReadReceipt",
    chave: str = "",
) -> None:
    """Spelling and kind of ``Type``, ``IsFromMe`` and ``Timestamp`` change from one event to the next."""
    agora = mundo.relogio.agora()
    detalhe = f"{estado}|{ids[0]}|{len(ids)}"
    variante = int(mundo.sorteio.fracao("recibo", detalhe) * 4)
    quem, oculto = pessoas.jid(mundo, usuario), pessoas.lid(mundo, usuario)
    evento = {
        "Chat": quem,
        "IsFromMe": "False" if variante == 3 else False,
        "IsGroup": quem.endswith("@g.us"),
        "MessageIDs": list(ids),
        "Sender": quem,
        "Timestamp": (agora // SEGUNDO, str(agora // SEGUNDO), iso(agora), agora // SEGUNDO)[variante],
        "Type": estado.lower() if variante in (1, 3) else estado,
        "chatid": quem,
        "chatlid": oculto,
        "sender_lid": oculto,
        "sender_pn": quem,
    }
    corpos = {detalhe: {"type": tipo, "state": estado, "event": evento}}
    if mundo.ajustes_uaizap.noise:
        ruido = _RUIDOS[int(mundo.sorteio.fracao("ruido", detalhe) * len(_RUIDOS))]
        corpos[detalhe + ruido] = {"type": "ReadReceipt", "state": "", "event": evento | {"Type": ruido}}
    for qual, corpo in corpos.items():
        _publicar(mundo, inst, "messages_update", corpo, qual, usuario=usuario, chave=chave, tipo=tipo)


def publicar_conexao(mundo: Mundo, inst: Instancia, *, qrcode: str = "", tipo: str = "") -> None:
    instancia: dict[str, Any] = {"name": inst.name, "status": inst.status}
    if qrcode:
        instancia["qrcode"] = qrcode
    if inst.status == "disconnected" and inst.queda_em is not None:
        instancia |= {"lastDisconnect": espacado(inst.queda_em), "lastDisconnectReason": inst.motivo_da_queda}
    detalhe = f"{inst.status}|{inst.geracao}"
    corpo: dict[str, Any] = {"instance": instancia}
    if tipo:
        corpo["type"] = tipo
    sorte = mundo.sorteio.bytes_de("event_id", f"{inst.id}|{detalhe}").hex()
    # Only recent builds number their events.
    if sorte[0] < "8":
        corpo["event_id"] = f"{sorte[:8]}-{sorte[8:12]}-4{sorte[12:15]}-8{sorte[15:18]}-{sorte[18:30]}"
    _publicar(mundo, inst, "connection", corpo, detalhe)


def publicar_presenca(mundo: Mundo, inst: Instancia, usuario: str, presenca: str) -> None:
    corpo = {"event": {"Chat": pessoas.jid(mundo, usuario), "State": presenca, "IsFromMe": True}}
    _publicar(mundo, inst, "presence", corpo, f"{usuario}|{presenca}", usuario=usuario)


def _publicar(
    mundo: Mundo,
    inst: Instancia,
    evento: str,
    parte: dict[str, Any],
    detalhe: str,
    *,
    usuario: str = "",
    chave: str = "",
    sinais: set[str] | frozenset[str] = frozenset(),
    tipo: str = "",
) -> None:
    envelope = {
        "BaseUrl": mundo.uaizap.url,
        "EventType": evento,
        "instanceName": inst.name,
        "owner": inst.owner,
        "token": inst.token,
    }
    corpo = msgspec.json.encode(envelope | parte)
    entregar = partial(_entregar, mundo, inst, evento, corpo, detalhe, usuario, chave, sinais, tipo)
    # What happens in conversations reaches the device when it is back; about the connection the gateway itself tells.
    if evento in ("messages", "messages_update") and not inst.conectada:
        inst.retidos.append(entregar)
    else:
        entregar()


def _entregar(
    mundo: Mundo,
    inst: Instancia,
    evento: str,
    corpo: bytes,
    detalhe: str,
    usuario: str,
    chave: str,
    sinais: set[str] | frozenset[str],
    tipo: str,
) -> None:
    servidor = mundo.uaizap.servidor_de(inst)
    tentativas = mundo.ajustes_uaizap.webhook_attempts
    esperas = (_PRIMEIRA, *[_SEGUINTES] * tentativas)[: tentativas - 1]
    remetente = Remetente("uaizap", inst.id, inst.token, _AGENTE, esperas)
    for config in [*inst.webhooks, *(servidor.global_webhook if servidor else ())]:
        if _quer(config, evento, sinais):
            url = _url(config, evento, tipo)
            alvo = Alvo(url, inst.id, usuario, chave, f"{inst.id}|{config.id}|{evento}|{detalhe}", evento, "uaizap")
            mundo.webhooks.postar(remetente, corpo, "", (chave,) if chave else (), alvo)


def _quer(config: ConfigWebhook, evento: str, sinais: set[str] | frozenset[str]) -> bool:
    return config.enabled and (not config.events or evento in config.events) and not sinais & {*config.exclude_messages}


def _url(config: ConfigWebhook, evento: str, tipo: str) -> str:
    url = f"{config.url}/{evento}" if config.add_url_events else config.url
    return f"{url}/{tipo}" if config.add_url_types_messages and tipo else url
