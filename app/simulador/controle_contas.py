"""Control endpoints that set up and change the business side, the recipients, and what users say."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from app.simulador.contas import App, Numero, Token, Waba, alterar
from app.simulador.controle_comum import MUNDO, corpo_como, objeto, responder
from app.simulador.controle_uaizap import receber as receber_no_uaizap
from app.simulador.destinatarios import Destinatario, canonico, limpar
from app.simulador.entrada import Recebida, ao_receber
from app.simulador.eventos import mudanca_da_conta, mudancas_do_modelo, mudancas_do_numero
from app.simulador.grafo_modelos import novo_id
from app.simulador.modelos import Modelo
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO

_SUBIDA_DE_NIVEL = 60 * SEGUNDO


class _Evento(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    entry_id: str
    value: dict[str, Any]


def rotas_de_contas(prefixo: str) -> list[web.RouteDef]:
    return [
        web.post(prefixo + "/meta/apps", por_app),
        web.post(prefixo + "/meta/wabas", por_waba),
        web.patch(prefixo + "/meta/wabas/{id}", mudar_waba),
        web.post(prefixo + "/meta/numbers", por_numero),
        web.patch(prefixo + "/meta/numbers/{id}", mudar_numero),
        web.post(prefixo + "/meta/tokens", por_token),
        web.patch(prefixo + "/meta/tokens/{token}", mudar_token),
        web.post(prefixo + "/meta/templates", por_modelo),
        web.patch(prefixo + "/meta/templates/{id}", mudar_modelo),
        web.post(prefixo + "/meta/events", emitir_evento),
        web.post(prefixo + "/recipients/bulk", por_destinatarios),
        web.post(prefixo + "/inbound", receber),
    ]


async def por_app(pedido: web.Request) -> web.Response:
    """Registers the app and performs the handshake; calling again retries it."""
    mundo = pedido.app[MUNDO]
    app = await corpo_como(pedido, App)
    if not mundo.webhooks.permitido(app.callback_url):
        raise ValueError(f"callback host not allowed: {app.callback_url}")
    app.verified = await mundo.webhooks.verificar(app.callback_url, app.verify_token)
    mundo.contas.apps[app.app_id] = app
    return responder({"app_id": app.app_id, "verified": app.verified})


async def por_waba(pedido: web.Request) -> web.Response:
    waba = await corpo_como(pedido, Waba)
    pedido.app[MUNDO].contas.por_waba(waba)
    return responder(waba)


async def mudar_waba(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    mudancas, silencio = await _mudancas(pedido)
    antes = mundo.contas.wabas[pedido.match_info["id"]]
    depois = alterar(antes, mudancas)
    mundo.contas.por_waba(depois)
    if antes.state != depois.state and not silencio:
        mundo.publicar(depois.waba_id, None, "account_update", mudanca_da_conta(depois.state))
    return responder(depois)


async def por_numero(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    numero = await corpo_como(pedido, Numero)
    if numero.waba_id not in mundo.contas.wabas:
        raise KeyError(numero.waba_id)
    mundo.contas.por_numero(numero, mundo.ajustes.limiter, mundo.relogio.agora())
    return responder(numero)


async def mudar_numero(pedido: web.Request) -> web.Response:
    """A rise to ``high`` goes through a minute of maintenance, as the provider's does."""
    mundo = pedido.app[MUNDO]
    mudancas, silencio = await _mudancas(pedido)
    id_ = pedido.match_info["id"]
    antes = mundo.contas.numeros[id_]
    depois = alterar(antes, mudancas)
    if depois.throughput != "high" or antes.throughput == "high":
        _trocar_numero(mundo, antes, depois, silencio)
        return responder(depois)
    subindo = alterar(depois, {"throughput": antes.throughput, "state": "upgrading"})
    mundo.contas.por_numero(subindo, mundo.ajustes.limiter, mundo.relogio.agora())

    def terminar() -> None:
        atual = mundo.contas.numeros[id_]
        pronto = alterar(atual, {"throughput": "high", "state": "ok"})
        # The maintenance is not a state the account announces; only the new level is.
        _trocar_numero(mundo, alterar(atual, {"state": "ok"}), pronto, silencio)

    mundo.relogio.agendar(mundo.relogio.agora() + _SUBIDA_DE_NIVEL, terminar, volatil=False)
    return responder(subindo)


def _trocar_numero(mundo: Mundo, antes: Numero, depois: Numero, silencio: bool) -> None:
    mundo.contas.por_numero(depois, mundo.ajustes.limiter, mundo.relogio.agora())
    for campo, valor in [] if silencio else mudancas_do_numero(antes, depois):
        mundo.publicar(depois.waba_id, depois, campo, valor)


async def por_token(pedido: web.Request) -> web.Response:
    token = await corpo_como(pedido, Token)
    pedido.app[MUNDO].contas.tokens[token.token] = token
    return responder({"ok": True})


async def mudar_token(pedido: web.Request) -> web.Response:
    tokens = pedido.app[MUNDO].contas.tokens
    mudancas, _ = await _mudancas(pedido)
    nome = pedido.match_info["token"]
    tokens[nome] = alterar(tokens[nome], mudancas)
    return responder({"ok": True})


async def por_modelo(pedido: web.Request) -> web.Response:
    """Creates or replaces, by account, name and language."""
    mundo = pedido.app[MUNDO]
    modelo = await corpo_como(pedido, Modelo)
    existente = mundo.modelos.buscar(*modelo.chave)
    modelo.id = modelo.id or (existente.id if existente else novo_id(mundo, *modelo.chave))
    mundo.modelos.por(modelo)
    return responder(modelo)


async def mudar_modelo(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    mudancas, silencio = await _mudancas(pedido)
    antes = mundo.modelos.por_id[pedido.match_info["id"]]
    depois = alterar(antes, mudancas)
    mundo.modelos.por(depois)
    for campo, valor in [] if silencio else mudancas_do_modelo(antes, depois):
        mundo.publicar(depois.waba_id, None, campo, valor)
    return responder(depois)


async def emitir_evento(pedido: web.Request) -> web.Response:
    mundo = pedido.app[MUNDO]
    evento = await corpo_como(pedido, _Evento)
    if evento.entry_id not in mundo.contas.wabas:
        raise KeyError(evento.entry_id)
    no = evento.value.get("metadata", {}).get("phone_number_id", "")
    destinos = mundo.publicar(evento.entry_id, mundo.contas.numeros.get(no), evento.field, evento.value)
    return responder({"destinations": destinos})


async def por_destinatarios(pedido: web.Request) -> web.Response:
    pessoas = await corpo_como(pedido, list[Destinatario])
    pedido.app[MUNDO].destinatarios.registrar(pessoas)
    return responder({"registered": len(pessoas)})


async def receber(pedido: web.Request) -> web.Response:
    """A user writes to a number or an instance, named by its id or by its digits."""
    mundo = pedido.app[MUNDO]
    corpo = await corpo_como(pedido, Recebida)
    if corpo.provider == "uaizap":
        return responder(receber_no_uaizap(mundo, corpo))
    numero = _numero(mundo, corpo.to_number)
    digitos = limpar(corpo.from_)
    usuario = mundo.destinatarios.dono_do_bsuid(corpo.from_) if digitos is None else canonico(digitos)
    quando = None if corpo.at is None else corpo.at * 1000
    return responder(ao_receber(mundo, numero, usuario, corpo.type, corpo.content, corpo.context, quando, corpo.extra))


def _numero(mundo: Mundo, qual: str) -> Numero:
    direto = mundo.contas.numeros.get(qual)
    if direto is not None:
        return direto
    digitos = canonico(limpar(qual) or qual)
    for numero in mundo.contas.numeros.values():
        if canonico(numero.proprio) == digitos:
            return numero
    raise KeyError(qual)


async def _mudancas(pedido: web.Request) -> tuple[dict[str, Any], bool]:
    corpo = await objeto(pedido)
    return corpo, bool(corpo.pop("silent", False))
