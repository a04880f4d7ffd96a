"""The events that providers sent: by filter, with their body, and back to the queue one by one or by range."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app.erros import Erro
from app.http.pages.campos import Campos, ler_campos
from app.http.pages.canais import se_pode
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina

_FILTROS: Final = ("status", "conexao_id", "campo", "de", "ate")
# what providers call the kinds of events; the page has a word for each
CAMPOS: Final = (
    "messages", "messages_update", "connection", "account_update", "account_alerts", "business_capability_update",
    "phone_number_quality_update", "phone_number_name_update", "message_template_status_update",
    "message_template_quality_update", "template_category_update", "user_preferences",
)  # fmt: skip
_ALTURA: Final = 40


def _instante(texto: str, fuso: str, campo: str) -> datetime | None:
    """What a field of date and time says, on the wall clock of the tenant."""
    if not texto:
        return None
    try:
        lido = datetime.fromisoformat(texto)
    except ValueError:
        raise Erro(400, "ZRG03", "data e hora inválidas", campo=campo) from None
    return lido if lido.tzinfo else lido.replace(tzinfo=ZoneInfo(fuso))


def _argumentos(visto: dict[str, str], fuso: str) -> dict[str, Any]:
    try:
        conexao = UUID(visto["conexao_id"]) if visto["conexao_id"] else None
    except ValueError:
        raise Erro(400, "ZRG03", "identificador inválido", campo="conexao_id") from None
    return {
        "p_status": visto["status"] or None,
        "p_conexao_id": conexao,
        "p_campo": visto["campo"] or None,
        "p_de": _instante(visto["de"], fuso, "de"),
        "p_ate": _instante(visto["ate"], fuso, "ate"),
    }


def _barras(horas: dict[str, Any]) -> list[dict[str, Any]]:
    """Each hour with the height of its bar, of `_ALTURA`."""
    maior = max((h["total"] for h in horas["horas"]), default=0) or 1
    return [
        {**h, "x": n * 10, "altura": max(1, round(h["total"] * _ALTURA / maior)) if h["total"] else 0}
        for n, h in enumerate(horas["horas"])
    ]


async def _lista(pagina: Pagina, visto: dict[str, str], status: int = 200, **dados: Any) -> Html:
    try:
        argumentos, recusa = _argumentos(visto, pagina.fuso), None
    except Erro as erro:
        argumentos, recusa = _argumentos(dict.fromkeys(_FILTROS, ""), pagina.fuso), erro
    cursor = pagina.pedido.query_params.get("cursor")
    lida, horas, numeros = await asyncio.gather(
        pagina.chamada.ler("api.webhooks_listar", dict[str, Any], **argumentos, p_limite=20, p_cursor=cursor),
        pagina.chamada.ler("api.webhooks_horas_obter", dict[str, Any], p_conexao_id=argumentos["p_conexao_id"]),
        se_pode(pagina, "api.conexoes_listar", p_limite=200),
    )
    return await pagina.mostrar(
        "webhooks.html",
        pagina.recusa(recusa) if recusa else status,
        # a filter that is not understood shows nothing rather than everything
        webhooks=[] if recusa else lida["dados"],
        meta=lida["meta"],
        barras=_barras(horas),
        total=sum(h["total"] for h in horas["horas"]),
        maximo=horas["maximo"],
        altura=_ALTURA,
        numeros={c["id"]: c["nome"] for c in (numeros or {}).get("dados", [])},
        campos=CAMPOS,
        visto=visto,
        filtrado=any(visto.values()),
        consulta=urlencode({k: v for k, v in visto.items() if v}),
        **{"erro": recusa, **dados},
    )


def _filtros_da_consulta(pagina: Pagina) -> dict[str, str]:
    return {nome: pagina.pedido.query_params.get(nome, "")[:100] for nome in _FILTROS}


async def _reprocessar(pagina: Pagina, campos: Campos, visto: dict[str, str]) -> dict[str, Any]:
    """Either the ticked ones or, with `tudo`, what the filter chooses."""
    escolha = _argumentos(visto, pagina.fuso) if campos.um("tudo") else {"p_ids": campos.ids("ids") or None}
    feito: dict[str, Any] = await pagina.chamada.ler("api.evento_reprocessar", dict[str, Any], **escolha)
    return feito


class PaginaWebhooks(Controller):
    path = "/webhooks-recebidos"

    @get("/", **PAGINA)
    async def listar(self, pagina: ComPagina) -> Html:
        return await _lista(pagina, _filtros_da_consulta(pagina))

    @post("/", **PAGINA)
    async def reprocessar(self, pagina: ComPagina) -> Response[Any]:
        campos = await ler_campos(pagina.pedido)
        visto = {nome: campos.um(nome) for nome in _FILTROS}
        try:
            feito = await _reprocessar(pagina, campos, visto)
        except Erro as erro:
            return await _lista(pagina, visto, pagina.recusa(erro), erro=erro)
        consulta = urlencode({k: v for k, v in visto.items() if v})
        aviso = "Eventos de volta à fila" if feito["reenfileirados"] else "Nenhum evento precisava voltar"
        if feito["proximoCursor"]:
            aviso = "Os primeiros 1.000 eventos voltaram à fila; repita para os outros"
        return pagina.ir(f"/webhooks-recebidos?{consulta}" if consulta else "/webhooks-recebidos", aviso)

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _um(pagina, id)

    @post("/{id:uuid}", **PAGINA)
    async def reprocessar_um(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        try:
            await pagina.chamada.objeto("api.evento_reprocessar", p_ids=[id])
        except Erro as erro:
            return await _um(pagina, id, pagina.recusa(erro), erro=erro)
        return pagina.ir(f"/webhooks-recebidos/{id}", "Evento de volta à fila")


async def _um(pagina: Pagina, id_: UUID, status: int = 200, **dados: Any) -> Html:
    lido, numeros = await asyncio.gather(
        pagina.chamada.ler("api.webhook_obter", dict[str, Any], p_id=id_),
        se_pode(pagina, "api.conexoes_listar", p_limite=200),
    )
    corpo = lido.pop("corpo")
    bonito = None if corpo is None else msgspec.json.format(msgspec.json.encode(corpo), indent=2).decode()
    nomes = {c["id"]: c["nome"] for c in (numeros or {}).get("dados", [])}
    return await pagina.mostrar("webhook.html", status, w=lido, corpo=bonito, numeros=nomes, **{"erro": None, **dados})
