"""Bodies of the webhooks the provider sends, in the shapes of the published samples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.simulador.contas import Numero
from app.simulador.erros import erro_de_status
from app.simulador.modelos import Modelo

Valor = dict[str, Any]
# What concatenates when two changes about one number travel together.
_LISTAS = ("contacts", "messages", "statuses", "user_preferences")


class Item(NamedTuple):
    """One change, before it is packed into a POST."""

    waba_id: str
    campo: str
    valor: Valor
    chave: str
    recipient: str
    numero: str


def metadados(numero: Numero) -> Valor:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": numero.proprio, "phone_number_id": numero.phone_number_id},
    }


def contato(nome: str, wa_id: str | None, bsuid: str) -> Valor:
    corpo: Valor = {"profile": {"name": nome}}
    if wa_id is not None:
        corpo["wa_id"] = wa_id
    corpo["user_id"] = bsuid
    return corpo


def status(
    *,
    wamid: str,
    nome: str,
    quando: int,
    wa_id: str | None,
    bsuid: str,
    callback: str | None,
    categoria: str,
    codigo: int | None,
    versao: int,
) -> Valor:
    """One entry of ``statuses``; ``quando`` in microseconds."""
    corpo: Valor = {"id": wamid, "status": nome, "timestamp": str(quando // 1_000_000)}
    if wa_id is not None:
        corpo["recipient_id"] = wa_id
    corpo["recipient_user_id"] = bsuid
    if callback is not None:
        corpo["biz_opaque_callback_data"] = callback
    if nome in ("sent", "delivered", "read"):
        livre = categoria == "service"
        if versao < 24:
            corpo["conversation"] = {"id": wamid[-32:], "origin": {"type": categoria}}
        corpo["pricing"] = {
            "billable": not livre,
            "pricing_model": "PMP",
            "type": "free_customer_service" if livre else "regular",
            "category": categoria,
        }
    if codigo is not None:
        corpo["errors"] = [erro_de_status(codigo)]
    return corpo


def preferencia_parar(numero: Numero, pessoa: Valor, quando: int) -> Valor:
    desejo: Valor = {chave: pessoa[chave] for chave in ("wa_id", "user_id") if chave in pessoa}
    desejo |= {
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": quando // 1_000_000,
    }
    return metadados(numero) | {"contacts": [pessoa], "user_preferences": [desejo]}


def identidade_do_modelo(modelo: Modelo) -> Valor:
    return {
        "message_template_id": int(modelo.id),
        "message_template_name": modelo.name,
        "message_template_language": modelo.language,
    }


def mudancas_do_modelo(antes: Modelo, depois: Modelo) -> list[tuple[str, Valor]]:
    """The webhooks a live change to a template causes."""
    quem = identidade_do_modelo(depois)
    eventos: list[tuple[str, Valor]] = []
    if antes.status != depois.status:
        eventos.append(("message_template_status_update", status_do_modelo(depois)))
    if antes.quality_score != depois.quality_score:
        nota = {"previous_quality_score": antes.quality_score, "new_quality_score": depois.quality_score}
        eventos.append(("message_template_quality_update", nota | quem))
    if antes.category != depois.category:
        nova = {"previous_category": antes.category, "new_category": depois.category}
        eventos.append(("template_category_update", quem | nova))
    return eventos


def status_do_modelo(modelo: Modelo) -> Valor:
    evento: Valor = {"event": modelo.status, **identidade_do_modelo(modelo), "reason": modelo.rejected_reason}
    evento["message_template_category"] = modelo.category
    return evento


def mudancas_do_numero(antes: Numero, depois: Numero) -> list[tuple[str, Valor]]:
    """The webhooks a live change to a number causes."""
    eventos: list[tuple[str, Valor]] = []
    if antes.throughput != depois.throughput:
        subiu = depois.taxa > antes.taxa
        eventos.append(_qualidade(depois, "THROUGHPUT_UPGRADE" if subiu else "THROUGHPUT_DOWNGRADE"))
    if antes.quality != depois.quality:
        piorou = depois.quality in ("YELLOW", "RED")
        eventos.append(_qualidade(depois, "FLAGGED" if piorou else "UNFLAGGED"))
    if antes.state != depois.state:
        eventos.append(("account_update", mudanca_da_conta(depois.state)))
    return eventos


def mudanca_da_conta(estado: str) -> Valor:
    if estado == "policy":
        restricao = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}
        return {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restricao]}
    if estado == "ok":
        return {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
    return {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}


def _qualidade(numero: Numero, evento: str) -> tuple[str, Valor]:
    return "phone_number_quality_update", {
        "display_phone_number": numero.proprio,
        "event": evento,
        "current_limit": "TIER_UNLIMITED",
        "max_daily_conversations_per_business": "TIER_UNLIMITED",
    }


def compor(itens: Sequence[Item]) -> Valor:
    """One POST body out of many changes: neighbours about one number share a value in pairs, so a receiver
    meets several statuses in a value, several changes in an entry and several accounts in a body."""
    entradas: dict[str, list[Valor]] = {}
    for posicao, item in enumerate(itens):
        mudancas = entradas.setdefault(item.waba_id, [])
        ultima = mudancas[-1] if mudancas else None
        if ultima is not None and posicao % 3 and _juntaveis(ultima, item):
            mudancas[-1] = {"value": _juntar(ultima["value"], item.valor), "field": item.campo}
        else:
            mudancas.append({"value": item.valor, "field": item.campo})
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": waba, "changes": mudancas} for waba, mudancas in entradas.items()],
    }


def serializar(corpo: Valor, *, escapar_barras: bool) -> bytes:
    """Compact and ASCII-only like the provider's; escaped slashes catch receivers that re-serialise."""
    texto = json.dumps(corpo, separators=(",", ":"))
    return (texto.replace("/", "\\/") if escapar_barras else texto).encode()


def _juntaveis(mudanca: Valor, item: Item) -> bool:
    valor = mudanca["value"]
    return (
        mudanca["field"] == item.campo == "messages"
        and "metadata" in valor
        and valor["metadata"] == item.valor.get("metadata")
    )


def _juntar(um: Valor, outro: Valor) -> Valor:
    juntos = {**um, **outro}
    for lista in _LISTAS:
        if lista in um and lista in outro:
            juntos[lista] = um[lista] + [novo for novo in outro[lista] if lista != "contacts" or novo not in um[lista]]
    return juntos
