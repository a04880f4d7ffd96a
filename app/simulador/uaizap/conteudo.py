"""What each ``/send/*`` asks for, checked and turned into the message WhatsApp would carry."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.simulador.uaizap.erros import Recusado

Corpo = dict[str, Any]
_MB = 1024 * 1024
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?[^,]*;base64,")
_FALTA_ALGO = "Missing required fields"
# type of /send/media -> (messageType, mediaType, accepted MIME prefixes, usual MIME, largest size)
_MIDIAS: dict[str, tuple[str, str, tuple[str, ...], str, int]] = {
    "image": ("ImageMessage", "image", ("image/",), "image/jpeg", 16 * _MB),
    "video": ("VideoMessage", "video", ("video/",), "video/mp4", 64 * _MB),
    "ptv": ("PtvMessage", "ptv", ("video/",), "video/mp4", 64 * _MB),
    "document": ("DocumentMessage", "document", ("",), "application/pdf", 100 * _MB),
    "audio": ("AudioMessage", "audio", ("audio/",), "audio/mpeg", 16 * _MB),
    "myaudio": ("AudioMessage", "audio", ("audio/",), "audio/ogg", 16 * _MB),
    "ptt": ("AudioMessage", "ptt", ("audio/",), "audio/ogg; codecs=opus", 16 * _MB),
    "sticker": ("StickerMessage", "sticker", ("image/webp", "image/png", "image/jpeg"), "image/webp", _MB),
}


@dataclass(slots=True)
class Conteudo:
    tipo: str
    texto: str = ""
    corpo: Any = field(default_factory=dict)
    classe: str = "text"
    media_type: str = ""
    mime: str = ""
    dados: bytes = b""


def validar(caminho: str, corpo: Corpo) -> Conteudo:
    numero = corpo.get("number")
    if not isinstance(numero, str) or not numero:
        raise _falta("Missing number or text" if caminho == "/send/text" else _FALTA_ALGO)
    return _POR_CAMINHO[caminho](corpo)


def texto_de(corpo: Corpo, campo: str, aviso: str = _FALTA_ALGO) -> str:
    valor = corpo.get(campo)
    if not isinstance(valor, str) or not valor:
        raise _falta(aviso)
    return valor


def tipo_de_midia(tipo: str) -> tuple[str, str, str]:
    """messageType, mediaType and usual MIME type."""
    mensagem, media_type, _, mime, _ = _MIDIAS[tipo]
    return mensagem, media_type, mime


def _falta(aviso: str) -> Recusado:
    return Recusado(400, "request", aviso)


def _texto(corpo: Corpo) -> Conteudo:
    texto = texto_de(corpo, "text", "Missing number or text")
    return Conteudo("ExtendedTextMessage", texto, {"text": texto, "contextInfo": {}})


def _midia(corpo: Corpo) -> Conteudo:
    tipo, arquivo = texto_de(corpo, "type"), texto_de(corpo, "file")
    if tipo not in _MIDIAS:
        raise _falta("invalid media type")
    mensagem, media_type, aceitos, usual, maximo = _MIDIAS[tipo]
    dados, anunciado = _arquivo(arquivo)
    mime = str(corpo.get("mimetype") or anunciado or usual)
    if not mime.startswith(aceitos):
        raise Recusado(415, "media", f"Unsupported media format {mime}")
    if len(dados) > maximo:
        raise Recusado(413, "media", "File too large")
    legenda = str(corpo.get("text") or "")
    interno: Corpo = {"mimetype": mime, "fileLength": len(dados), "contextInfo": {}}
    if tipo == "document":
        interno["fileName"] = str(corpo.get("docName") or "arquivo")
    if media_type in ("ptt", "audio"):
        interno |= {"PTT": media_type == "ptt", "seconds": 5}
    if legenda:
        interno["caption"] = legenda
    return Conteudo(mensagem, legenda, interno, "media", media_type, mime, dados)


def _arquivo(arquivo: str) -> tuple[bytes, str]:
    """Bytes and announced type. Links are never fetched: a host under ``.invalid`` is one that does not answer."""
    if arquivo.startswith(("http://", "https://")):
        if (urlsplit(arquivo).hostname or "").endswith(".invalid"):
            raise Recusado(500, "media", "failed to download file")
        return b"", ""
    inicio = _DATA_URL.match(arquivo)
    try:
        dados = base64.b64decode(arquivo[inicio.end() if inicio else 0 :], validate=True)
    except ValueError:
        raise _falta("file must be a URL or base64") from None
    return dados, (inicio.group(1) or "") if inicio else ""


def _contato(corpo: Corpo) -> Conteudo:
    nome, fones = texto_de(corpo, "fullName"), texto_de(corpo, "phoneNumber")
    linhas = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{nome}"]
    linhas += [f"TEL;waid={fone.strip()}:+{fone.strip()}" for fone in fones.split(",")]
    vcard = "\n".join([*linhas, "END:VCARD"])
    return Conteudo("ContactMessage", f"{nome}\n{fones}", {"displayName": nome, "vcard": vcard}, "media", "vcard")


def _local(corpo: Corpo) -> Conteudo:
    latitude, longitude = corpo.get("latitude"), corpo.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise _falta(_FALTA_ALGO)
    interno: Corpo = {"degreesLatitude": latitude, "degreesLongitude": longitude, "contextInfo": {}}
    interno |= {campo: corpo[campo] for campo in ("name", "address") if corpo.get(campo)}
    return Conteudo("LocationMessage", "", interno, "text", "location")


def _menu(corpo: Corpo) -> Conteudo:
    tipo, texto = texto_de(corpo, "type"), texto_de(corpo, "text")
    opcoes = corpo.get("choices")
    tipos = {"button": "ButtonsMessage", "list": "ListMessage", "poll": "PollCreationMessageV3"}
    if not isinstance(opcoes, list) or not opcoes or tipo not in (*tipos, "carousel"):
        raise _falta(_FALTA_ALGO)
    mensagem = tipos.get(tipo, "InteractiveMessage")
    interno = {"text": texto, "choices": opcoes, "contextInfo": {}}
    return Conteudo(mensagem, texto, interno, "poll" if tipo == "poll" else "text")


def _interativa(*campos: str) -> Callable[[Corpo], Conteudo]:
    def montar(corpo: Corpo) -> Conteudo:
        if any(not corpo.get(campo) for campo in campos):
            raise _falta(_FALTA_ALGO)
        texto = str(corpo.get("text") or "")
        interno = {campo: corpo[campo] for campo in campos} | {"text": texto, "contextInfo": {}}
        return Conteudo("InteractiveMessage", texto, interno)

    return montar


_POR_CAMINHO: dict[str, Callable[[Corpo], Conteudo]] = {
    "/send/text": _texto,
    "/send/media": _midia,
    "/send/contact": _contato,
    "/send/location": _local,
    "/send/menu": _menu,
    "/send/carousel": _interativa("text", "carousel"),
    "/send/location-button": _interativa("text"),
    "/send/pix-button": _interativa("pixType", "pixKey"),
    "/send/request-payment": _interativa("amount"),
}
CAMINHOS = tuple(_POR_CAMINHO)
