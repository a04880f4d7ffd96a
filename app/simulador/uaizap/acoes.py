"""``/message/*``: finding, reading, reacting, editing, deleting, downloading, and the queue."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from app.simulador.midia import Midia
from app.simulador.relogio import DIA
from app.simulador.uaizap import fila
from app.simulador.uaizap.contexto import Contexto
from app.simulador.uaizap.envio import exigir_ritmo
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import VIDA_DAS_MENSAGENS, Mensagem
from app.simulador.uaizap.eventos import (
    objeto,
    publicar_mensagem,
    publicar_presenca,
    publicar_recibo,
    resposta_do_envio,
)

_PAGINA = 100
_VIDA_DO_ARQUIVO = 2 * DIA
# Enough of a header for whoever sniffs the type of what was transcoded.
_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00"


def procurar(c: Contexto) -> object:
    """Newest first, for seven days, and only after the index caught up."""
    criterios = {
        campo: str(c.corpo[campo]) for campo in ("id", "chatid", "track_id", "track_source") if c.corpo.get(campo)
    }
    visiveis = [
        m
        for m in c.inst.mensagens.values()
        if m.visivel_em <= c.agora < m.quando + VIDA_DAS_MENSAGENS and _casa(m, criterios)
    ]
    visiveis.sort(key=lambda m: (m.quando, m.id), reverse=True)
    limite, inicio = _inteiro(c, "limit", _PAGINA), _inteiro(c, "offset", 0)
    pagina = visiveis[inicio : inicio + limite]
    fim = inicio + len(pagina)
    return {
        "returnedMessages": len(pagina),
        "messages": [objeto(c.mundo, c.inst, m) | {"status": m.status} for m in pagina],
        "limit": limite,
        "offset": inicio,
        "nextOffset": fim,
        "hasMore": fim < len(visiveis),
    }


def marcar_lidas(c: Contexto) -> object:
    ids = c.corpo.get("id")
    if not isinstance(ids, list) or not ids:
        raise Recusado(400, "request", "Missing required fields")
    c.exigir_conexao()
    resultados = []
    for id_ in ids:
        m = c.inst.achar(str(id_), c.agora)
        if m is not None:
            c.inst.por_ler[m.usuario] = 0
        resultados.append({"message_id": id_, "status": "not found" if m is None else "success"})
    return {"results": resultados}


def reagir(c: Contexto) -> object:
    alvo, texto = c.mensagem(), str(c.corpo.get("text") or "")
    chave = {"fromMe": alvo.de_mim, "ID": alvo.id, "remoteJID": alvo.chatid}
    return _nova(
        c,
        Mensagem(
            id=_id(c, "reacao", alvo.id),
            usuario=c.usuario(),
            chatid=alvo.chatid,
            quando=c.agora,
            tipo="ReactionMessage",
            texto=texto,
            conteudo={"key": chave, "text": texto},
            classe="reaction",
            reaction=alvo.id,
        ),
    )


def editar(c: Contexto) -> object:
    """A new message that names the one it replaces; the phone shows one bubble, so the ledger counts none."""
    original, texto = c.mensagem(), c.texto("text")
    if not original.de_mim:
        raise Recusado(400, "request", "only own messages can be edited")
    return _nova(
        c,
        Mensagem(
            id=_id(c, "edicao", original.id),
            usuario=original.usuario,
            chatid=original.chatid,
            quando=c.agora,
            tipo="ExtendedTextMessage",
            texto=texto,
            conteudo={"text": texto, "contextInfo": {}},
            edited=original.id,
            track_id=str(c.corpo.get("track_id") or ""),
            track_source=str(c.corpo.get("track_source") or ""),
        ),
    )


def apagar(c: Contexto) -> object:
    m = c.mensagem()
    c.exigir_conexao()
    m.status = "Deleted"
    publicar_recibo(c.mundo, c.inst, m.usuario, [m.id], "Deleted", tipo="DeletedMessage")
    return {"id": f"{c.inst.owner}:{m.id}", "messageid": m.id, "status": "Deleted"}


def baixar(c: Contexto) -> object:
    """Voice comes back as MP3 unless asked otherwise; the link lives two days."""
    m = c.mensagem()
    midia = c.mundo.midias.buscar(m.midia_id, c.agora) if m.midia_id else None
    if midia is None:
        raise Recusado(404, "not_found", "message has no media")
    if m.media_type in ("ptt", "audio") and c.corpo.get("generate_mp3", True) is not False:
        midia = Midia(midia.id + "-mp3", c.inst.id, "audio/mpeg", _MP3 + midia.dados, midia.expira_em)
        c.mundo.midias.guardar(midia)
    resposta: dict[str, Any] = {"mimetype": midia.mime}
    if c.corpo.get("return_link", True) is not False:
        opaco = c.mundo.sorteio.bytes_de("arquivo", midia.id, c.mundo.sorteio.vez(f"arquivo|{midia.id}"))[:16].hex()
        c.mundo.midias.abrir_url(opaco, midia.id, c.agora, _VIDA_DO_ARQUIVO)
        resposta["fileURL"] = f"{c.mundo.uaizap.url}/__media/{opaco}"
    if c.corpo.get("return_base64"):
        resposta["base64Data"] = b64encode(midia.dados).decode()
    if c.corpo.get("transcribe"):
        resposta["transcription"] = "Transcrição simulada"
    if c.mundo.ajustes_uaizap.noise:
        publicar_recibo(c.mundo, c.inst, m.usuario, [m.id], "FileDownloaded", tipo="FileDownloadedMessage")
    return resposta


def presenca(c: Contexto) -> object:
    usuario, qual = c.usuario(), c.texto("presence")
    if qual not in ("composing", "recording", "paused"):
        raise Recusado(400, "request", "invalid presence")
    c.exigir_conexao()
    publicar_presenca(c.mundo, c.inst, usuario, qual)
    return {"response": "Chat presence sent"}


def ver_fila(c: Contexto) -> object:
    return {"status": fila.estado(c.inst), "pending": len(c.inst.fila)}


def limpar_fila(c: Contexto) -> object:
    return {"response": "Queue cleared", "removed": fila.esvaziar(c.mundo, c.inst)}


def _nova(c: Contexto, m: Mensagem) -> object:
    c.exigir_conexao()
    exigir_ritmo(c.mundo, c.inst)
    m.status = "Pending"
    m.visivel_em = c.agora + c.mundo.ajustes_uaizap.find_lag_ms * 1000
    c.inst.guardar(m)
    eco = c.agora + c.mundo.ajustes_uaizap.echo_delay_ms * 1000
    c.mundo.relogio.agendar(eco, lambda: publicar_mensagem(c.mundo, c.inst, m))
    return resposta_do_envio(c.mundo, c.inst, m)


def _id(c: Contexto, regra: str, alvo: str) -> str:
    sorte = c.mundo.sorteio.bytes_de(regra, alvo, c.mundo.sorteio.vez(f"{regra}|{alvo}"))
    return "3EB0" + sorte[:9].hex().upper()


def _casa(m: Mensagem, criterios: dict[str, str]) -> bool:
    valores = {"id": m.id, "chatid": m.chatid, "track_id": m.track_id, "track_source": m.track_source}
    return all(valores[campo] == (v.rpartition(":")[2] if campo == "id" else v) for campo, v in criterios.items())


def _inteiro(c: Contexto, campo: str, padrao: int) -> int:
    valor = c.corpo.get(campo, padrao)
    if not isinstance(valor, int) or valor < 0:
        raise Recusado(400, "request", f"invalid {campo}")
    return valor
