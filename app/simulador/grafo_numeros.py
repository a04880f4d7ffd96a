"""Number and account endpoints: fields, registration, profile, health, webhook overrides and subscriptions."""

from __future__ import annotations

from typing import Any

from app.simulador.contas import ERRO_DE_ESTADO, Desvio, Numero, Token, Waba, alterar
from app.simulador.erros import Negado, linha
from app.simulador.grafo_comum import SUCESSO, campos_pedidos, ler_json, paginar, recortar, responder, texto
from app.simulador.http import Pedido, Resposta
from app.simulador.mundo import Mundo
from app.simulador.relogio import HORA

_PADRAO = ("verified_name", "display_phone_number", "quality_rating", "code_verification_status")
_TENTATIVAS_PIN = 10
_JANELA_PIN = 72 * HORA
_CODIGO_CERTO = "123456"


async def ler(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, waba = mundo.contas.numero_de(token, pedido.no)
    return responder(_recorte(mundo, pedido, numero, waba))


async def listar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    numeros = sorted(
        (n for n in mundo.contas.numeros.values() if n.waba_id == waba.waba_id), key=lambda n: n.phone_number_id
    )
    return paginar([_recorte(mundo, pedido, n, waba) for n in numeros], pedido)


async def configurar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    """Two-step PIN, or the number's own callback."""
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    corpo = ler_json(pedido)
    mudancas: dict[str, Any] = {}
    if "pin" in corpo:
        mudancas["pin"] = _pin(corpo)
    if "webhook_configuration" in corpo:
        mudancas["override"] = await _desvio(mundo, corpo["webhook_configuration"])
    if not mudancas:
        raise Negado(100, "Nothing to change.")
    _guardar(mundo, alterar(numero, mudancas))
    return responder(SUCESSO)


async def registrar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    corpo = ler_json(pedido)
    _contar_registro(mundo, numero)
    if _pin(corpo) != numero.pin:
        raise Negado(133005)
    _guardar(mundo, alterar(numero, {"registered": True, "status": "CONNECTED"}))
    return responder(SUCESSO)


async def desregistrar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    _contar_registro(mundo, numero)
    _guardar(mundo, alterar(numero, {"registered": False, "status": "DISCONNECTED"}))
    return responder(SUCESSO)


async def pedir_codigo(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    mundo.contas.numero_de(token, pedido.no)
    if ler_json(pedido).get("code_method") not in ("SMS", "VOICE"):
        raise Negado(100, "code_method must be SMS or VOICE.")
    return responder(SUCESSO)


async def conferir_codigo(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    """One code is right, so that both outcomes can be tried."""
    mundo.contas.numero_de(token, pedido.no)
    if texto(ler_json(pedido), "code") != _CODIGO_CERTO:
        raise Negado(136025)
    return responder(SUCESSO)


async def ler_perfil(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    return responder({"data": [{"messaging_product": "whatsapp", **numero.profile}]})


async def gravar_perfil(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    numero, _ = mundo.contas.numero_de(token, pedido.no)
    novo = {k: v for k, v in ler_json(pedido).items() if k != "messaging_product"}
    _guardar(mundo, alterar(numero, {"profile": numero.profile | novo}))
    return responder(SUCESSO)


async def inscricoes(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    dados = []
    for app_id in waba.inscritos:
        item: dict[str, Any] = {"whatsapp_business_api_data": {"id": app_id, "name": f"App {app_id}"}}
        if app_id in waba.overrides:
            item["override_callback_uri"] = waba.overrides[app_id].url
        dados.append(item)
    return responder({"data": dados})


async def inscrever(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    app_id = _app_da(waba)
    corpo = ler_json(pedido)
    overrides = dict(waba.overrides)
    if "override_callback_uri" in corpo:
        overrides[app_id] = await _desvio(mundo, corpo)
    else:
        overrides.pop(app_id, None)
    inscritos = [*[a for a in waba.inscritos if a != app_id], app_id]
    mundo.contas.por_waba(alterar(waba, {"subscribed": inscritos, "overrides": _planos(overrides)}))
    return responder(SUCESSO)


async def desinscrever(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    app_id = _app_da(waba)
    mundo.contas.por_waba(alterar(waba, {"subscribed": [a for a in waba.inscritos if a != app_id]}))
    return responder(SUCESSO)


def _app_da(waba: Waba) -> str:
    """Tokens carry no app here: the account's first app is the one that calls."""
    if not waba.app_ids:
        raise Negado(100, "The account has no app.")
    return waba.app_ids[0]


def _planos(overrides: dict[str, Desvio]) -> dict[str, dict[str, str]]:
    return {app: {"url": d.url, "verify_token": d.verify_token} for app, d in overrides.items()}


async def _desvio(mundo: Mundo, corpo: dict[str, Any]) -> Desvio:
    """An override is only taken from a receiver that answers the handshake."""
    url, senha = texto(corpo, "override_callback_uri"), texto(corpo, "verify_token")
    if not await mundo.webhooks.verificar(url, senha):
        raise Negado(100, "Callback verification failed.")
    return Desvio(url, senha)


def _guardar(mundo: Mundo, numero: Numero) -> None:
    mundo.contas.por_numero(numero, mundo.ajustes.limiter, mundo.relogio.agora())


def _pin(corpo: dict[str, Any]) -> str:
    pin = texto(corpo, "pin")
    if len(pin) != 6 or not pin.isdecimal():
        raise Negado(100, "The PIN must have six digits.")
    return pin


def _contar_registro(mundo: Mundo, numero: Numero) -> None:
    agora = mundo.relogio.agora()
    registros = mundo.registros_de_numero[numero.phone_number_id]
    while registros and registros[0] <= agora - _JANELA_PIN:
        registros.popleft()
    if len(registros) >= _TENTATIVAS_PIN:
        raise Negado(133016)
    registros.append(agora)


def _recorte(mundo: Mundo, pedido: Pedido, numero: Numero, waba: Waba) -> dict[str, Any]:
    campos = campos_pedidos(pedido)
    proibidos = [c for c in campos or () if c in numero.forbidden_fields]
    if proibidos:
        raise Negado(10, f"The token may not read {proibidos[0]}.")
    return recortar(_vista(mundo, numero, waba), campos, _PADRAO, ())


def _vista(mundo: Mundo, numero: Numero, waba: Waba) -> dict[str, Any]:
    coexistencia = numero.throughput == "coexistence"
    limite = mundo.contas.portfolios[waba.portfolio_id].limite
    return {
        "id": numero.phone_number_id,
        "display_phone_number": numero.display_phone_number,
        "verified_name": numero.verified_name,
        "quality_rating": numero.quality,
        "status": numero.status,
        "name_status": "PENDING_REVIEW" if numero.state == "name_pending" else "APPROVED",
        "code_verification_status": "VERIFIED" if numero.registered else "NOT_VERIFIED",
        "platform_type": "CLOUD_API" if numero.registered else "NOT_APPLICABLE",
        "throughput": {"level": "STANDARD" if coexistencia else numero.throughput.upper()},
        "is_on_biz_app": coexistencia,
        "account_mode": "SANDBOX" if numero.test_recipients is not None else "LIVE",
        "whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED" if limite < 0 else f"TIER_{limite}",
        "messaging_limit_tier": "TIER_UNLIMITED" if limite < 0 else f"TIER_{limite}",
        "webhook_configuration": {"phone_number": numero.override.url} if numero.override is not None else {},
        "health_status": _saude(mundo, numero, waba),
    }


def _saude(mundo: Mundo, numero: Numero, waba: Waba) -> dict[str, Any]:
    do_numero = 133010 if not numero.registered else ERRO_DE_ESTADO.get(numero.state)
    entidades = [
        _entidade("PHONE_NUMBER", numero.phone_number_id, do_numero),
        _entidade("WABA", waba.waba_id, ERRO_DE_ESTADO.get(waba.state)),
    ]
    for modelo in mundo.modelos.da_waba(waba.waba_id):
        if modelo.status in ("PAUSED", "DISABLED"):
            codigo = 132015 if modelo.status == "PAUSED" else 132016
            entidades.append(_entidade("MESSAGE_TEMPLATE", modelo.id, codigo))
    bloqueado = any(e["can_send_message"] == "BLOCKED" for e in entidades[:2])
    limitado = len(entidades) > 2 or numero.quality == "RED"
    return {
        "can_send_message": "BLOCKED" if bloqueado else "LIMITED" if limitado else "AVAILABLE",
        "entities": entidades,
    }


def _entidade(tipo: str, id_: str, codigo: int | None) -> dict[str, Any]:
    entidade: dict[str, Any] = {"entity_type": tipo, "id": id_}
    entidade["can_send_message"] = "AVAILABLE" if codigo is None else "BLOCKED"
    if codigo is not None:
        erro = {
            "error_code": codigo,
            "error_description": linha(codigo).titulo,
            "possible_solution": "See the error code.",
        }
        entidade["errors"] = [erro]
    return entidade
