"""``/sender/*``, the gateway's own mass sender: stores, answers and delivers, through the queue everybody uses."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from app.simulador.identidade import digesto
from app.simulador.livro import Tentativa
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO
from app.simulador.uaizap.conteudo import CAMINHOS, Conteudo, Corpo, validar
from app.simulador.uaizap.contexto import Contexto
from app.simulador.uaizap.envio import Leitura, aceitar, hash_do_conteudo, ler
from app.simulador.uaizap.erros import Recusado
from app.simulador.uaizap.estado import Instancia, Mensagem

_SITUACAO = {"Pending": "Sent", "Delivered": "Sent", "Read": "Sent", "Played": "Sent"}
_MINUTOS_DE_UM_ANO = 525_600


def simples(c: Contexto) -> object:
    numeros = c.corpo.get("numbers")
    if not isinstance(numeros, list) or not numeros:
        raise Recusado(400, "request", "Missing required fields")
    comum = {k: v for k, v in c.corpo.items() if k != "numbers"}
    return _criar(c, [comum | {"number": numero} for numero in numeros])


def avancado(c: Contexto) -> object:
    mensagens = c.corpo.get("messages")
    if not isinstance(mensagens, list) or not all(isinstance(m, dict) for m in mensagens) or not mensagens:
        raise Recusado(400, "request", "Missing required fields")
    return _criar(c, mensagens)


def mudar(c: Contexto) -> object:
    pasta, acao = _pasta(c), c.texto("action")
    if acao not in ("stop", "continue", "delete"):
        raise Recusado(400, "request", "invalid action")
    pasta["status"] = {"stop": "paused", "continue": "sending", "delete": "deleting"}[acao]
    if acao == "delete":
        del c.inst.pastas[pasta["id"]]
    elif acao == "continue":
        _enviar(c.mundo, c.inst, pasta)
    return {"response": "ok", "folder_id": pasta["id"], "status": pasta["status"]}


def listar_pastas(c: Contexto) -> object:
    return [_vista(pasta) for pasta in c.inst.pastas.values()]


def listar_mensagens(c: Contexto) -> object:
    pasta = _pasta(c)
    qual = c.corpo.get("messageStatus")
    linhas = [{"number": item["number"], "status": "Scheduled"} for item in pasta["restantes"]]
    linhas += [{"number": m.chatid, "messageid": m.id, "status": _situacao(m)} for m in pasta["enviadas"]]
    return {"messages": [linha for linha in linhas if not qual or linha["status"] == qual]}


def limpar_feitas(c: Contexto) -> object:
    feitas = [p["id"] for p in c.inst.pastas.values() if p["status"] == "done"]
    for id_ in feitas:
        del c.inst.pastas[id_]
    return {"response": "ok", "removed": len(feitas)}


def limpar_tudo(c: Contexto) -> object:
    removidas = len(c.inst.pastas)
    for pasta in c.inst.pastas.values():
        pasta["status"] = "deleting"
    c.inst.pastas.clear()
    return {"response": "ok", "removed": removidas}


def _criar(c: Contexto, itens: list[Corpo]) -> object:
    for item in itens:
        validar(_caminho(item), item)
    nome = str(c.corpo.get("folder") or "")
    if nome and any(p["nome"] == nome for p in c.inst.pastas.values()):
        raise Recusado(409, "folder_exists", "folder already exists")
    chave = f"{c.inst.id}|{nome}"
    sorte = c.mundo.sorteio.bytes_de("pasta", chave, c.mundo.sorteio.vez(f"pasta|{chave}"))
    pasta: dict[str, Any] = {
        "id": "r" + sorte[:7].hex(),
        "nome": nome,
        "status": "scheduled",
        "espera": (float(c.corpo.get("delayMin") or 0), float(c.corpo.get("delayMax") or 0)),
        "restantes": list(itens),
        "enviadas": [],
        "info": str(c.corpo.get("info") or ""),
    }
    c.inst.pastas[pasta["id"]] = pasta
    c.mundo.relogio.agendar(_quando(c), partial(_comecar, c.mundo, c.inst, pasta), volatil=False)
    return {"folder_id": pasta["id"], "count": len(itens), "status": "queued"}


def _quando(c: Contexto) -> int:
    """``scheduled_for`` is an instant in milliseconds, or minutes from now when it is too small for one."""
    marcado = c.corpo.get("scheduled_for") or 0
    if not isinstance(marcado, int | float) or marcado < 0:
        raise Recusado(400, "request", "invalid scheduled_for")
    return c.agora + int(marcado * 60 * SEGUNDO) if marcado < _MINUTOS_DE_UM_ANO else int(marcado) * 1000


def _comecar(mundo: Mundo, inst: Instancia, pasta: dict[str, Any]) -> None:
    if pasta["status"] == "scheduled":
        pasta["status"] = "sending"
        _enviar(mundo, inst, pasta)


def _enviar(mundo: Mundo, inst: Instancia, pasta: dict[str, Any]) -> None:
    """One message, then an alarm for the next."""
    if pasta["status"] != "sending":
        return
    if not pasta["restantes"]:
        pasta["status"] = "done"
        return
    item = pasta["restantes"].pop(0)
    pasta["enviadas"].append(_lancar(mundo, inst, item))
    minimo, maximo = pasta["espera"]
    sorte = mundo.sorteio.fracao("pasta", pasta["id"], len(pasta["restantes"]))
    espera = int((minimo + sorte * max(0.0, maximo - minimo)) * SEGUNDO)
    mundo.relogio.agendar(mundo.relogio.agora() + espera, partial(_enviar, mundo, inst, pasta), volatil=False)


def _lancar(mundo: Mundo, inst: Instancia, item: Corpo) -> Mensagem:
    """No request brought it, so its attempt was answered to nobody."""
    caminho = _caminho(item)
    leitura: Leitura = ler(mundo, msgspec.json.encode(item | {"async": True}), inst.id)
    conteudo: Conteudo = validar(caminho, item)
    vez = mundo.sorteio.vez(f"envio|{leitura.identidade}")
    origem = mundo.sorteio.bytes_de("envio", leitura.identidade, vez)
    tentativa = Tentativa(
        id=origem[:8].hex(),
        numero=inst.id,
        chegou_em=mundo.relogio.agora(),
        corpo_hash=digesto(msgspec.json.encode(item)),
        provedor="uaizap",
        callback=leitura.track,
        bruto=leitura.bruto,
        destinatario=leitura.usuario,
        tipo="sender",
        conteudo_hash=hash_do_conteudo(caminho, item),
        identidade=leitura.identidade,
    )
    mundo.livro.abrir(tentativa)
    return aceitar(mundo, inst, leitura, tentativa, conteudo, origem)


def _caminho(item: Corpo) -> str:
    """``type`` is the last part of a ``/send/`` path, or a kind of medium."""
    tipo = str(item.get("type") or "text")
    return f"/send/{tipo}" if f"/send/{tipo}" in CAMINHOS else "/send/menu" if "choices" in item else "/send/media"


def _pasta(c: Contexto) -> dict[str, Any]:
    pasta = c.inst.pastas.get(c.texto("folder_id"))
    if pasta is None:
        raise Recusado(404, "not_found", "folder not found")
    return pasta


def _situacao(m: Mensagem) -> str:
    return _SITUACAO.get(m.status, "Failed")


def _vista(pasta: dict[str, Any]) -> dict[str, Any]:
    situacoes = [_situacao(m) for m in pasta["enviadas"]]
    return {
        "id": pasta["id"],
        "folder": pasta["nome"],
        "info": pasta["info"],
        "status": pasta["status"],
        "log_total": len(pasta["restantes"]) + len(situacoes),
        "log_sucess": situacoes.count("Sent"),
        "log_failed": situacoes.count("Failed"),
    }
