"""Refusals in the gateway's shape: a text, and only for WhatsApp's own restriction something to hold on to."""

from __future__ import annotations

from typing import Any

import msgspec

from app.simulador.http import Resposta
from app.simulador.uaizap.tempo import iso

FALHOU = "Failed to send message"
TEXTO_463 = "WhatsApp restricted this account from starting new conversations"
_TEXTOS = {429: ("rate_limit", "Rate limit exceeded"), 401: ("token", "Invalid token"), 503: ("outage", "Unavailable")}


class Recusado(Exception):
    """``palavra`` is what the ledger counts; the client only sees status and text."""

    def __init__(self, http: int, palavra: str, texto: str, **extra: Any) -> None:
        super().__init__(texto)
        self.http = http
        self.palavra = palavra
        self.texto = texto
        self.extra = extra

    def resposta(self) -> Resposta:
        corpo = msgspec.json.encode({"error": self.texto, **self.extra})
        return Resposta(http=self.http, corpo=corpo, codigo=self.palavra)


def desconectada() -> Recusado:
    return Recusado(500, "not_connected", "WhatsApp client is not connected")


def fora_do_whatsapp(digitos: str, http: int) -> Recusado:
    return Recusado(http, "not_on_whatsapp", texto_fora(digitos))


def texto_fora(digitos: str) -> str:
    return f"the number {digitos}@s.whatsapp.net is not on WhatsApp"


def restrita(ate: int) -> Recusado:
    """463: WhatsApp itself refuses new conversations until then."""
    return Recusado(
        500,
        "timelock",
        TEXTO_463,
        error_key="WHATSAPP_REACHOUT_TIMELOCK",
        provider_code=463,
        error_source="whatsapp_server",
        details={"reachout_timelock": {"active": True, "until": iso(ate), "enforcement_type": "TEMPORARY"}},
    )


def resposta_de_codigo(codigo: int) -> Resposta:
    """The error a fault asks for by code; those of the other provider are plain failures here."""
    palavra, texto = _TEXTOS.get(codigo, ("fault", FALHOU))
    return Recusado(codigo if codigo in _TEXTOS else 500, palavra, texto).resposta()
