"""Control endpoints of the UaiZap side: servers, instances, what happens to their sessions, and inbound messages."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from app.simulador.controle_comum import MUNDO, corpo_como, responder
from app.simulador.destinatarios import canonico, limpar
from app.simulador.entrada import Recebida
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.uaizap import configuracao, entrada, pessoas, sessao
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import SERVIDOR_PADRAO, Instancia, Servidor, Status
from app.simulador.uaizap.recibos import ler_tudo


class _Nova(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``webhook`` is a URL, or the body ``POST /webhook`` takes."""

    name: str
    token: str = ""
    owner: str = ""
    state: Status = "connected"
    webhook: str | dict[str, Any] | None = None
    host_key: str = ""


class _Leitura(msgspec.Struct, forbid_unknown_fields=True):
    owner: str = ""


class _Queda(msgspec.Struct, forbid_unknown_fields=True):
    """A reason that begins with 401 ends the session; any other heals, after ``reconnect_s``."""

    reason: str = sessao.SAIU
    reconnect_s: float | None = None


class _Pessoa(msgspec.Struct, forbid_unknown_fields=True):
    from_: str = msgspec.field(name="from")


def rotas_do_uaizap(prefixo: str) -> list[web.RouteDef]:
    instancia = prefixo + "/uaizap/instances/{id}"
    return [
        web.post(prefixo + "/uaizap/servers", por_servidor),
        web.post(prefixo + "/uaizap/instances", por_instancia),
        web.get(prefixo + "/uaizap/instances", listar),
        web.post(instancia + "/scan", escanear),
        web.post(instancia + "/drop", derrubar),
        web.post(instancia + "/read", ler_conversa),
    ]


async def por_servidor(pedido: web.Request) -> web.Response:
    servidor = await corpo_como(pedido, Servidor)
    pedido.app[MUNDO].uaizap.servidores[servidor.host_key] = servidor
    return responder(servidor)


async def por_instancia(pedido: web.Request) -> web.Response:
    """Creates, or changes the one with that token or that name; connected unless told otherwise."""
    mundo = pedido.app[MUNDO]
    corpo = await corpo_como(pedido, _Nova)
    inst = _existente(mundo, corpo)
    if inst is None:
        host = corpo.host_key or next(iter(mundo.uaizap.servidores), SERVIDOR_PADRAO)
        inst = mundo.uaizap.criar(corpo.name, host, mundo.relogio.agora(), corpo.token)
    inst.name = corpo.name
    inst.token = corpo.token or inst.token
    inst.owner = limpar(corpo.owner) or inst.owner or mundo.sorteio.digitos("55119", "owner", inst.id, 8)
    try:
        if corpo.webhook is not None:
            config = {"url": corpo.webhook} if isinstance(corpo.webhook, str) else corpo.webhook
            configuracao.alterar(mundo, inst.webhooks, config, inst.id)
        sessao.forcar(mundo, inst, corpo.state)
    except Recusado as recusa:
        raise ValueError(recusa.texto) from None
    return responder(_vista(inst))


async def listar(pedido: web.Request) -> web.Response:
    return responder([_vista(i) for i in pedido.app[MUNDO].uaizap.instancias.values()])


async def escanear(pedido: web.Request) -> web.Response:
    mundo, inst = _instancia(pedido)
    dono = (await corpo_como(pedido, _Leitura)).owner or inst.owner
    digitos = limpar(dono)
    if digitos is None:
        raise ValueError("owner must be a phone")
    sessao.escanear(mundo, inst, digitos)
    return responder(_vista(inst))


async def derrubar(pedido: web.Request) -> web.Response:
    mundo, inst = _instancia(pedido)
    corpo = await corpo_como(pedido, _Queda)
    if not inst.sessao:
        raise ValueError(f"instance {inst.id} has no session to lose")
    if corpo.reason.startswith("401"):
        sessao.sair(mundo, inst, corpo.reason)
    else:
        volta = mundo.ajustes_uaizap.reconnect_s if corpo.reconnect_s is None else corpo.reconnect_s
        sessao.oscilar(mundo, inst, corpo.reason, int(volta * SEGUNDO))
    return responder(_vista(inst))


async def ler_conversa(pedido: web.Request) -> web.Response:
    """Somebody opens the conversation: every unread message of the instance is read at once."""
    mundo, inst = _instancia(pedido)
    corpo = await corpo_como(pedido, _Pessoa)
    return responder({"read": ler_tudo(mundo, inst, pessoas.usuario_de(mundo, corpo.from_))})


def receber(mundo: Mundo, corpo: Recebida) -> dict[str, Any]:
    """``/inbound`` for an instance, named by id, name or owner; ``extra.fromMe`` is the owner typing on the phone."""
    inst = _pelo_nome(mundo, corpo.to_number)
    usuario = pessoas.usuario_de(mundo, corpo.from_)
    if not usuario:
        raise ValueError(f"not a person: {corpo.from_}")
    dados = corpo.content if isinstance(corpo.content, dict) else {"body": corpo.content or ""}
    if corpo.type == "delete":
        entrada.apagar_pelo_autor(mundo, inst, usuario, str(dados["message_id"]))
        return {"message_id": dados["message_id"]}
    if corpo.context:
        dados = {"quoted": corpo.context.get("id"), **dados}
    de_mim = bool(corpo.extra.get("fromMe"))
    quando = 0 if corpo.at is None else corpo.at * 1000
    m = entrada.ao_receber(mundo, inst, usuario, corpo.type, dados, de_mim=de_mim, quando=quando)
    return {"message_id": m.id, "from": {"jid": m.chatid, "lid": pessoas.lid(mundo, usuario)}}


def _vista(inst: Instancia) -> dict[str, Any]:
    campos = ("id", "name", "token", "status", "owner", "host_key")
    return {campo: getattr(inst, campo) for campo in campos} | {"webhook": inst.webhooks}


def _instancia(pedido: web.Request) -> tuple[Mundo, Instancia]:
    mundo = pedido.app[MUNDO]
    return mundo, mundo.uaizap.instancias[pedido.match_info["id"]]


def _existente(mundo: Mundo, corpo: _Nova) -> Instancia | None:
    if corpo.token:
        return mundo.uaizap.por_token(corpo.token)
    return next((i for i in mundo.uaizap.instancias.values() if i.name == corpo.name), None)


def _pelo_nome(mundo: Mundo, qual: str) -> Instancia:
    direta = mundo.uaizap.instancias.get(qual)
    if direta is not None:
        return direta
    digitos = canonico(limpar(qual) or qual)
    for inst in mundo.uaizap.instancias.values():
        if inst.name == qual or (inst.owner and canonico(inst.owner) == digitos):
            return inst
    raise KeyError(qual)
