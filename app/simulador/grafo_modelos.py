"""Template endpoints: list, read, create, edit and delete."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from app.simulador.contas import Token, alterar
from app.simulador.erros import Negado, inexistente
from app.simulador.eventos import status_do_modelo
from app.simulador.grafo_comum import SUCESSO, campos_pedidos, ler_json, paginar, recortar, responder, texto
from app.simulador.http import Pedido, Resposta
from app.simulador.modelos import Modelo, componente, variaveis
from app.simulador.mundo import Mundo
from app.simulador.relogio import SEGUNDO

_NOME = re.compile(r"[a-z0-9_]{1,512}")
_PADRAO = ("name", "parameter_format", "components", "language", "status", "category")
_FILTROS = ("name", "status", "category", "language", "quality_score")
_OPCIONAIS = ("previous_category", "rejected_reason", "quality_score", "message_send_ttl_seconds")


def novo_id(mundo: Mundo, waba_id: str, nome: str, idioma: str) -> str:
    return mundo.sorteio.digitos("6", "modelo", f"{waba_id}|{nome}|{idioma}")


async def listar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    campos = campos_pedidos(pedido)
    filtros = {f: pedido.web.query[f] for f in _FILTROS if f in pedido.web.query}
    modelos = [
        m for m in mundo.modelos.da_waba(waba.waba_id) if all(str(getattr(m, f)) == v for f, v in filtros.items())
    ]
    return paginar([recortar(_vista(m), campos, _PADRAO, _OPCIONAIS) for m in modelos], pedido)


async def ler(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    modelo = _do_token(mundo, pedido, token)
    return responder(recortar(_vista(modelo), campos_pedidos(pedido), _PADRAO, _OPCIONAIS))


async def criar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    waba = mundo.contas.waba_de(token, pedido.no)
    corpo = ler_json(pedido)
    nome, idioma = texto(corpo, "name"), texto(corpo, "language")
    if not _NOME.fullmatch(nome):
        raise Negado(100, "The template name may only have lower-case letters, digits and underscores.")
    if mundo.modelos.buscar(waba.waba_id, nome, idioma) is not None:
        raise Negado(100, f"There is already {idioma} content for this template.")
    modelo = _montar(
        {
            "waba_id": waba.waba_id,
            "id": novo_id(mundo, waba.waba_id, nome, idioma),
            "name": nome,
            "language": idioma,
            "category": texto(corpo, "category").upper(),
            "components": corpo.get("components"),
            "parameter_format": str(corpo.get("parameter_format", "POSITIONAL")).upper(),
            "message_send_ttl_seconds": corpo.get("message_send_ttl_seconds"),
            "status": "PENDING",
            "quality_score": "UNKNOWN",
        }
    )
    mundo.modelos.por(modelo)
    _marcar_analise(mundo, modelo.id)
    return responder({"id": modelo.id, "status": modelo.status, "category": modelo.category})


async def editar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    modelo = _do_token(mundo, pedido, token)
    corpo = ler_json(pedido)
    mudancas: dict[str, Any] = {
        c: corpo[c] for c in ("components", "category", "message_send_ttl_seconds") if c in corpo
    }
    if not mudancas:
        raise Negado(100, "Nothing to edit.")
    mundo.modelos.por(_montar({**msgspec.to_builtins(modelo), **mudancas, "status": "PENDING"}))
    _marcar_analise(mundo, modelo.id)
    return responder(SUCESSO)


async def apagar(mundo: Mundo, pedido: Pedido, token: Token) -> Resposta:
    """By name, every language; with ``hsm_id``, that one."""
    waba = mundo.contas.waba_de(token, pedido.no)
    nome = pedido.web.query.get("name")
    id_ = pedido.web.query.get("hsm_id")
    if not nome:
        raise Negado(100, "The parameter name is required.")
    modelos = [m for m in mundo.modelos.da_waba(waba.waba_id) if m.name == nome and id_ in (None, m.id)]
    if not modelos:
        raise Negado(100, "Message template not found.")
    for modelo in modelos:
        mundo.modelos.tirar(modelo)
    return responder(SUCESSO)


def _do_token(mundo: Mundo, pedido: Pedido, token: Token) -> Modelo:
    modelo = mundo.modelos.por_id.get(pedido.no)
    if modelo is None or modelo.waba_id not in token.waba_ids:
        raise inexistente()
    return modelo


def _montar(dados: dict[str, Any]) -> Modelo:
    try:
        modelo = msgspec.convert(dados, Modelo)
    except msgspec.ValidationError as erro:
        raise Negado(100, str(erro)) from None
    corpo = componente(modelo, "BODY")
    texto_corpo = str(corpo.get("text", "")) if corpo is not None else ""
    if not texto_corpo:
        raise Negado(100, "A template needs a BODY component with text.")
    limpo = texto_corpo.strip()
    if variaveis(limpo) and (limpo.startswith("{{") or limpo.endswith("}}")):
        raise Negado(100, "Variables cannot be at the start or end of the template.")
    return modelo


def _marcar_analise(mundo: Mundo, id_: str) -> None:
    """Review ends after a while: approved, unless the name asks to be rejected."""

    def decidir() -> None:
        modelo = mundo.modelos.por_id.get(id_)
        if modelo is None or modelo.status != "PENDING":
            return
        rejeitado = modelo.name.endswith("_reject")
        mudancas = {"status": "REJECTED" if rejeitado else "APPROVED"}
        if rejeitado:
            mudancas["rejected_reason"] = "INVALID_FORMAT"
        decidido = alterar(modelo, mudancas)
        mundo.modelos.por(decidido)
        mundo.publicar(decidido.waba_id, None, "message_template_status_update", status_do_modelo(decidido))

    quando = mundo.relogio.agora() + int(mundo.ajustes.template_review_s * SEGUNDO)
    mundo.relogio.agendar(quando, decidir, volatil=False)


def _vista(modelo: Modelo) -> dict[str, Any]:
    vista: dict[str, Any] = {
        "id": modelo.id,
        "name": modelo.name,
        "parameter_format": modelo.parameter_format,
        "components": modelo.components,
        "language": modelo.language,
        "status": modelo.status,
        "category": modelo.category,
        "quality_score": {"score": modelo.quality_score},
        "rejected_reason": modelo.rejected_reason,
    }
    if modelo.previous_category is not None:
        vista["previous_category"] = modelo.previous_category
    if modelo.message_send_ttl_seconds is not None:
        vista["message_send_ttl_seconds"] = modelo.message_send_ttl_seconds
    return vista
