"""``/webhook`` and ``/globalwebhook``: where events go, and the short list of those that never arrived."""

from __future__ import annotations

from typing import Any

import msgspec

from app.simulador.mundo import Mundo
from app.simulador.uaizap.conteudo import Corpo
from app.simulador.uaizap.contexto import Contexto, ContextoAdmin
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import ConfigWebhook
from app.simulador.uaizap.tempo import espacado
from app.simulador.webhooks import Entrega

_RETIDOS = 20


def listar(c: Contexto) -> object:
    return c.inst.webhooks


def configurar(c: Contexto) -> object:
    return alterar(c.mundo, c.inst.webhooks, c.corpo, c.inst.id)


def listar_global(c: ContextoAdmin) -> object:
    return c.servidor.global_webhook


def configurar_global(c: ContextoAdmin) -> object:
    return alterar(c.mundo, c.servidor.global_webhook, c.corpo, c.servidor.host_key)


def apagar_global(c: ContextoAdmin) -> object:
    c.servidor.global_webhook.clear()
    return {"response": "Global webhook deleted"}


def erros(c: Contexto) -> object:
    return [_perdida(e) for e in c.mundo.webhooks.perdidas(c.inst.id)[:_RETIDOS]]


def alterar(mundo: Mundo, configs: list[ConfigWebhook], corpo: Corpo, dono: str) -> list[ConfigWebhook]:
    """Without ``action`` there is a single webhook, replaced each time."""
    acao = corpo.get("action") or "single"
    antiga = next((c for c in configs if c.id == corpo.get("id")), None)
    if acao not in ("single", "add", "update", "delete"):
        raise Recusado(400, "request", "invalid action")
    if acao in ("update", "delete") and antiga is None:
        raise Recusado(404, "not_found", "webhook not found")
    if acao == "delete":
        configs[:] = [c for c in configs if c is not antiga]
        return configs
    if antiga is None and acao == "single" and configs:
        antiga = configs[0]
    nova = _config(mundo, corpo, antiga if acao != "add" else None)
    nova.id = antiga.id if antiga is not None and acao != "add" else _id(mundo, dono)
    if acao == "single":
        configs[:] = [nova]
    elif acao == "add":
        configs.append(nova)
    else:
        configs[:] = [nova if c is antiga else c for c in configs]
    return configs


def _config(mundo: Mundo, corpo: Corpo, antiga: ConfigWebhook | None) -> ConfigWebhook:
    base: dict[str, Any] = msgspec.to_builtins(antiga) if antiga is not None else {}
    try:
        nova = msgspec.convert(base | corpo, ConfigWebhook)
    except msgspec.ValidationError as erro:
        raise Recusado(400, "request", str(erro)) from None
    if not mundo.webhooks.permitido(nova.url):
        raise Recusado(400, "request", "webhook url not allowed")
    return nova


def _id(mundo: Mundo, dono: str) -> str:
    return "w" + mundo.sorteio.bytes_de("webhook", dono, mundo.sorteio.vez(f"webhook|{dono}"))[:7].hex()


def _perdida(entrega: Entrega) -> dict[str, Any]:
    corpo = msgspec.json.decode(entrega.corpo)
    ultimo = entrega.tentativas[-1][1] if entrega.tentativas else ""
    return {
        "created": espacado(entrega.criada_em),
        "url": entrega.url,
        "type": "instance",
        "event": corpo["EventType"],
        "message_type": corpo.get("message", {}).get("messageType", ""),
        "status_code": int(ultimo) if ultimo.isdecimal() else 0,
        "attempts": len(entrega.tentativas),
        "error": f"receiver answered {ultimo}" if ultimo.isdecimal() else ultimo,
        "payload": corpo,
    }
