"""``/instance/*``: creation, pairing, state, settings and removal of devices."""

from __future__ import annotations

from app.simulador.uaizap import restricao, sessao
from app.simulador.uaizap.contexto import Contexto, ContextoAdmin
from app.simulador.uaizap.erros import Recusado

_CAMPOS_ADMIN = ("adminField01", "adminField02")


def criar(c: ContextoAdmin) -> object:
    nome = c.corpo.get("name")
    if not isinstance(nome, str) or not nome:
        raise Recusado(400, "request", "Missing required fields")
    inst = c.mundo.uaizap.criar(nome, c.servidor.host_key, c.mundo.relogio.agora())
    inst.ficha = {campo: str(c.corpo[campo]) for campo in ("systemName", *_CAMPOS_ADMIN) if campo in c.corpo}
    return {
        "response": "Instance created successfully",
        "instance": sessao.vista(c.mundo, inst),
        "connected": False,
        "loggedIn": False,
        "name": nome,
        "token": inst.token,
        "info": "Save the token: it is not shown again",
    }


def listar(c: ContextoAdmin) -> object:
    do_servidor = [i for i in c.mundo.uaizap.instancias.values() if i.host_key == c.servidor.host_key]
    return [sessao.vista(c.mundo, i) for i in do_servidor]


def mudar_campos_admin(c: ContextoAdmin) -> object:
    inst = c.mundo.uaizap.instancias.get(str(c.corpo.get("id")))
    if inst is None or inst.host_key != c.servidor.host_key:
        raise Recusado(404, "not_found", "instance not found")
    inst.ficha |= {campo: str(c.corpo[campo]) for campo in _CAMPOS_ADMIN if campo in c.corpo}
    return sessao.vista(c.mundo, inst)


def conectar(c: Contexto) -> object:
    sessao.conectar(c.mundo, c.inst, str(c.corpo.get("phone") or ""))
    conectada = c.inst.conectada
    estado = sessao.estado(c.mundo, c.inst)
    return {
        "connected": conectada,
        "loggedIn": c.inst.sessao,
        "jid": estado["jid"],
        "response": "Already connected" if conectada else "Connecting",
        "instance": sessao.vista(c.mundo, c.inst),
        "status": estado,
    }


def estado(c: Contexto) -> object:
    return {"instance": sessao.vista(c.mundo, c.inst), "status": sessao.estado(c.mundo, c.inst)}


def desconectar(c: Contexto) -> object:
    if c.inst.status != "disconnected":
        sessao.desconectar(c.mundo, c.inst)
    info = "A new QR code is needed to connect again"
    return {"instance": sessao.vista(c.mundo, c.inst), "response": "Disconnected", "info": info}


def reiniciar(c: Contexto) -> object:
    return {"response": sessao.reiniciar(c.mundo, c.inst)}


def apagar(c: Contexto) -> object:
    if c.inst.status != "disconnected":
        sessao.desconectar(c.mundo, c.inst)
    del c.mundo.uaizap.instancias[c.inst.id]
    return {"response": "Instance Deleted", "info": "The device has been disconnected"}


def mudar_nome(c: Contexto) -> object:
    c.inst.name = c.texto("name")
    return sessao.vista(c.mundo, c.inst)


def mudar_espacamento(c: Contexto) -> object:
    minimo, maximo = c.corpo.get("msg_delay_min"), c.corpo.get("msg_delay_max")
    if not isinstance(minimo, int | float) or not isinstance(maximo, int | float) or not 0 <= minimo <= maximo:
        raise Recusado(400, "request", "invalid delay settings")
    c.inst.delay_min, c.inst.delay_max = minimo, maximo
    return sessao.vista(c.mundo, c.inst)


def presenca(c: Contexto) -> object:
    c.inst.ficha["current_presence"] = c.texto("presence")
    return {"response": "Presence updated"}


def ler_privacidade(c: Contexto) -> object:
    return c.inst.ficha.get("privacy", {"readreceipts": "all", "last": "all", "online": "all"})


def mudar_privacidade(c: Contexto) -> object:
    c.inst.ficha["privacy"] = c.corpo
    return c.corpo


def limites(c: Contexto) -> object:
    return restricao.limites(c.mundo, c.inst)
