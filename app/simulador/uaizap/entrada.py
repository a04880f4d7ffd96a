"""Someone writes to the instance, or its owner types on the phone itself."""

from __future__ import annotations

import base64
from typing import Any

from app.simulador.midia import VIDA_RECEBIDA, Midia
from app.simulador.mundo import Mundo
from app.simulador.uaizap import pessoas
from app.simulador.uaizap.conteudo import tipo_de_midia
from app.simulador.uaizap.estado import Instancia, Mensagem
from app.simulador.uaizap.eventos import publicar_mensagem, publicar_recibo
from app.simulador.uaizap.recibos import ler_tudo

_MIDIAS = ("image", "video", "ptv", "document", "audio", "ptt", "sticker")
_AMOSTRA = b"bytes of a medium nobody looks into"


def ao_receber(
    mundo: Mundo, inst: Instancia, usuario: str, tipo: str, conteudo: Any, *, de_mim: bool = False, quando: int = 0
) -> Mensagem:
    """``quando`` in microseconds; nothing means now."""
    chave = f"{inst.id}|{usuario}|{tipo}"
    sorte = mundo.sorteio.bytes_de("entrada uaizap", chave, mundo.sorteio.vez(f"entrada uaizap|{chave}"))
    agora = mundo.relogio.agora()
    m = Mensagem(
        id="3EB0" + sorte[:9].hex().upper(),
        usuario=usuario,
        chatid=pessoas.jid(mundo, usuario),
        quando=quando or agora,
        tipo="Conversation",
        de_mim=de_mim,
        por_api=False,
        visivel_em=agora + mundo.ajustes_uaizap.find_lag_ms * 1000,
    )
    dados = conteudo if isinstance(conteudo, dict) else {"body": conteudo or ""}
    m.quoted = str(dados.get("quoted") or "")
    _preencher(mundo, inst, m, tipo, dados)
    inst.guardar(m)
    inst.conversas.add(usuario)
    if not de_mim:
        inst.por_ler[usuario] += 1
        # Whoever answers has read what came before, unless the phone keeps that to itself.
        if "read" in pessoas.comportamento_do(mundo, usuario).roteiro:
            ler_tudo(mundo, inst, usuario)
    publicar_mensagem(mundo, inst, m)
    return m


def apagar_pelo_autor(mundo: Mundo, inst: Instancia, usuario: str, id_: str) -> None:
    publicar_recibo(mundo, inst, usuario, [id_], "Deleted", tipo="DeletedMessage")


def _preencher(mundo: Mundo, inst: Instancia, m: Mensagem, tipo: str, dados: dict[str, Any]) -> None:
    """Meta's names for types and contents are accepted, so that one script can speak to both sides."""
    if tipo in ("text", "edit"):
        m.texto = str(dados.get("body") or dados.get("text") or "")
        m.edited = str(dados.get("message_id") or "") if tipo == "edit" else ""
        m.conteudo = {"text": m.texto, "contextInfo": {}} if m.edited else m.texto
        m.tipo = "ExtendedTextMessage" if m.edited else m.tipo
    elif tipo in _MIDIAS:
        _midia(mundo, inst, m, "ptt" if dados.get("voice") else tipo, dados)
    elif tipo == "location":
        m.tipo, m.media_type = "LocationMessage", "location"
        m.conteudo = {"degreesLatitude": dados["latitude"], "degreesLongitude": dados["longitude"], "contextInfo": {}}
        m.conteudo |= {campo: dados[campo] for campo in ("name", "address") if campo in dados}
        # The real gateway cannot make up its mind either.
        m.classe = "text" if mundo.sorteio.fracao("local", m.id) < 0.5 else "media"
    elif tipo == "contact":
        m.tipo, m.classe, m.media_type = "ContactMessage", "media", "vcard"
        nome, fone = str(dados["name"]), str(dados["phone"])
        vcard = f"BEGIN:VCARD\nVERSION:3.0\nFN:{nome}\nTEL;waid={fone}:+{fone}\nEND:VCARD"
        m.texto, m.conteudo = f"{nome}\nCelular: +{fone}", {"displayName": nome, "vcard": vcard}
    elif tipo == "reaction":
        m.tipo, m.classe = "ReactionMessage", "reaction"
        m.reaction, m.texto = str(dados["message_id"]), str(dados.get("emoji") or "")
        m.conteudo = {"key": {"fromMe": True, "ID": m.reaction, "remoteJID": m.chatid}, "text": m.texto}
    elif tipo in ("list_reply", "button_reply"):
        _escolha(m, tipo, dados)
    elif tipo == "poll_vote":
        m.tipo, m.classe, m.vote = "PollUpdateMessage", "poll", str(dados["option"])
        m.conteudo = {"vote": m.vote}
    else:
        raise ValueError(f"type {tipo} is not simulated")


def _escolha(m: Mensagem, tipo: str, dados: dict[str, Any]) -> None:
    m.botao, m.texto = str(dados["id"]), str(dados.get("title") or "")
    contexto = {"stanzaID": m.quoted}
    if tipo == "button_reply":
        m.tipo, m.media_type = "ButtonsResponseMessage", "button_response"
        m.conteudo = {"selectedButtonID": m.botao, "contextInfo": contexto}
        return
    m.tipo, m.media_type = "ListResponseMessage", "list_response"
    m.conteudo = {
        "title": m.texto,
        "description": str(dados.get("description") or ""),
        "listType": 1,
        "singleSelectReply": {"selectedRowID": m.botao},
        "contextInfo": contexto,
    }


def _midia(mundo: Mundo, inst: Instancia, m: Mensagem, tipo: str, dados: dict[str, Any]) -> None:
    """The URL leads to an encrypted blob nobody can open: only ``/message/download`` gives the bytes."""
    m.tipo, m.media_type, usual = tipo_de_midia(tipo)
    m.classe = "media"
    m.texto = str(dados.get("caption") or "")
    bruto = base64.b64decode(dados["data"]) if "data" in dados else _AMOSTRA
    mime = str(dados.get("mime_type") or usual)
    midia = guardar_midia(mundo, inst, m.id, mime, bruto)
    m.midia_id = midia.id
    segredo = mundo.sorteio.bytes_de("midia cifrada", m.id)
    m.conteudo = {
        "URL": f"https://mmg.example.test/{segredo[:12].hex()}.enc",
        "mimetype": mime,
        "fileLength": len(bruto),
        "fileSHA256": base64.b64encode(bytes.fromhex(midia.sha256)).decode(),
        "fileEncSHA256": base64.b64encode(segredo[:32]).decode(),
        "mediaKey": base64.b64encode(segredo[32:]).decode(),
        "mediaKeyTimestamp": m.quando // 1_000_000,
        "contextInfo": {},
    }
    if tipo in ("audio", "ptt"):
        m.conteudo |= {"PTT": tipo == "ptt", "seconds": int(dados.get("seconds") or 5)}
    if tipo == "document":
        m.conteudo["fileName"] = str(dados.get("filename") or "arquivo.pdf")
    if tipo in ("image", "video"):
        m.conteudo |= {"height": 1600, "width": 900}
    if m.texto:
        m.conteudo["caption"] = m.texto


def guardar_midia(mundo: Mundo, inst: Instancia, id_: str, mime: str, dados: bytes) -> Midia:
    """Keeps bytes for as long as the gateway keeps messages."""
    midia = Midia("uaizap-" + id_, inst.id, mime, dados, mundo.relogio.agora() + VIDA_RECEBIDA)
    mundo.midias.guardar(midia)
    return midia
