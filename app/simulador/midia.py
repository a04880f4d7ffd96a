"""Media: what a business uploads and what users send, with the provider's types, sizes and lifetimes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from app.simulador.erros import Negado
from app.simulador.relogio import DIA, SEGUNDO

_MB = 1024 * 1024
_DOCUMENTOS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
# MIME type -> kind of message it may travel in, and the largest size.
_TIPOS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), ("audio", 16 * _MB)),
    **dict.fromkeys(("image/jpeg", "image/png"), ("image", 5 * _MB)),
    **dict.fromkeys(("video/mp4", "video/3gpp"), ("video", 16 * _MB)),
    "image/webp": ("sticker", 500 * 1024),
    **dict.fromkeys(_DOCUMENTOS, ("document", 100 * _MB)),
}
VIDA_ENVIADA = 30 * DIA
VIDA_RECEBIDA = 7 * DIA
_VIDA_URL = 300 * SEGUNDO


@dataclass(frozen=True, slots=True)
class Midia:
    id: str
    phone_number_id: str
    mime: str
    dados: bytes
    expira_em: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.dados).hexdigest()

    def vista(self, url: str) -> dict[str, Any]:
        return {
            "messaging_product": "whatsapp",
            "id": self.id,
            "url": url,
            "mime_type": self.mime,
            "sha256": self.sha256,
            "file_size": len(self.dados),
        }


class Midias:
    def __init__(self) -> None:
        self._por_id: dict[str, Midia] = {}
        self._urls: dict[str, tuple[str, int]] = {}

    def guardar(self, midia: Midia) -> None:
        self._por_id[midia.id] = midia

    def buscar(self, id_: str, agora: int) -> Midia | None:
        midia = self._por_id.get(id_)
        return midia if midia is not None and agora < midia.expira_em else None

    def apagar(self, id_: str) -> None:
        del self._por_id[id_]

    def abrir_url(self, opaco: str, id_: str, agora: int, vida: int = _VIDA_URL) -> None:
        self._urls[opaco] = (id_, agora + vida)

    def da_url(self, opaco: str, agora: int) -> Midia | None:
        id_, expira = self._urls.get(opaco, ("", 0))
        return self.buscar(id_, agora) if agora < expira else None

    def limpar(self) -> None:
        self._por_id.clear()
        self._urls.clear()


def exigir_tipo_e_tamanho(mime: str, tamanho: int) -> None:
    base = mime.partition(";")[0].strip().lower()
    if base not in _TIPOS:
        raise Negado(131053, f"unsupported media type {base}")
    _, maximo = _TIPOS[base]
    if not 0 < tamanho <= maximo:
        raise Negado(131053, f"{base} must have at most {maximo} bytes, got {tamanho}")


def serve_para(mime: str, tipo: str) -> bool:
    """Whether media of this type may travel in a message of that kind; a document may carry anything."""
    base = mime.partition(";")[0].strip().lower()
    return tipo == "document" or _TIPOS.get(base, ("", 0))[0] == tipo
