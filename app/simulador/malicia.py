"""Forged and malformed webhooks, sent only when asked for, to prove the receiver holds."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from app.simulador.eventos import serializar

_CINCO_MB = 5 * 1024 * 1024
_PROFUNDIDADE = 5_000
DE_ASSINATURA = ("wrong_secret", "missing", "sha1", "upper", "altered")
DE_CORPO = ("old_body", "huge", "deep", "wrong_object", "foreign_number", "invalid_utf8")
MODOS = DE_ASSINATURA + DE_CORPO


def assinar_mal(modo: str, corpo: bytes, segredo: str) -> tuple[bytes, str]:
    """The body and the signature header as an attacker, or a broken sender, would give them."""
    digesto = hmac.new(segredo.encode(), corpo, hashlib.sha256).hexdigest()
    if modo == "missing":
        return corpo, ""
    if modo == "sha1":
        return corpo, "sha1=" + hmac.new(segredo.encode(), corpo, hashlib.sha1).hexdigest()
    if modo == "upper":
        return corpo, "sha256=" + digesto.upper()
    if modo == "altered":
        return corpo + b" ", "sha256=" + digesto
    falso = hmac.new(f"not-{segredo}".encode(), corpo, hashlib.sha256).hexdigest()
    return corpo, "sha256=" + falso


def token_alheio(corpo: bytes, token: str) -> bytes:
    """The same event under the token of another instance."""
    return corpo.replace(token.encode(), b"00000000-0000-4000-8000-000000000bad")


def corpo_malicioso(modo: str, waba_id: str, phone_number_id: str, agora_s: int) -> bytes:
    """A correctly signed body that is wrong inside."""
    if modo == "invalid_utf8":
        return b'{"object":"whatsapp_business_account","entry":"\xff\xfe"}'
    if modo == "deep":
        return b"[" * _PROFUNDIDADE + b"]" * _PROFUNDIDADE
    valor: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5511999990100", "phone_number_id": phone_number_id},
    }
    texto = "mensagem"
    quando = agora_s
    objeto = "whatsapp_business_account"
    if modo == "huge":
        texto = "x" * _CINCO_MB
    elif modo == "old_body":
        quando -= 10 * 86_400
    elif modo == "wrong_object":
        objeto = "instagram"
    elif modo == "foreign_number":
        valor["metadata"]["phone_number_id"] = "999999999999999"
    valor["messages"] = [
        {
            "from": "5511999990011",
            "id": f"wamid.{modo}",
            "timestamp": str(quando),
            "type": "text",
            "text": {"body": texto},
        }
    ]
    entrada = {"id": waba_id, "changes": [{"value": valor, "field": "messages"}]}
    return serializar({"object": objeto, "entry": [entrada]}, escapar_barras=True)
