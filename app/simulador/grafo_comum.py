"""What every Graph endpoint needs: JSON in and out, ``fields``, and cursor paging."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec

from app.simulador.erros import Negado
from app.simulador.http import Pedido, Resposta

SUCESSO = {"success": True}
_PAGINA = 25
_PAGINA_MAXIMA = 500


def responder(corpo: object) -> Resposta:
    return Resposta(corpo=msgspec.json.encode(corpo))


def ler_json(pedido: Pedido) -> dict[str, Any]:
    """The body as an object; an empty one counts as no parameters, as in the Graph API."""
    try:
        corpo = msgspec.json.decode(pedido.corpo or b"{}")
    except msgspec.DecodeError:
        raise Negado(100, "The request body is not valid JSON.") from None
    if not isinstance(corpo, dict):
        raise Negado(100, "The request body is not a JSON object.")
    return corpo


def texto(corpo: dict[str, Any], campo: str) -> str:
    valor = corpo.get(campo)
    if not isinstance(valor, str) or not valor:
        raise Negado(100, f"The parameter {campo} is required.")
    return valor


def campos_pedidos(pedido: Pedido) -> list[str] | None:
    """Top-level names of ``fields``; sub-selections in braces are accepted and ignored."""
    bruto = pedido.web.query.get("fields")
    if not bruto:
        return None
    nomes, nivel, atual = [], 0, ""
    for letra in bruto + ",":
        if letra == "," and not nivel:
            nomes.append(atual.strip())
            atual = ""
            continue
        nivel += (letra == "{") - (letra == "}")
        if not nivel and letra != "}":
            atual += letra
    return [n.split("{")[0].split(".")[0] for n in nomes if n]


def recortar(
    objeto: dict[str, Any], campos: list[str] | None, padrao: Sequence[str], conhecidos: Sequence[str]
) -> dict[str, Any]:
    """Only what was asked for, plus the id; an unknown field fails the whole request, as it does there."""
    escolhidos = padrao if campos is None else campos
    for campo in escolhidos:
        if campo not in objeto and campo not in conhecidos:
            raise Negado(100, f"Tried accessing nonexisting field ({campo}).")
    return {c: objeto[c] for c in escolhidos if c in objeto} | {"id": objeto["id"]}


def paginar(itens: list[dict[str, Any]], pedido: Pedido) -> Resposta:
    """``itens`` sorted by id; the cursor is the last id seen, so edits between pages neither skip nor repeat."""
    depois = _ler_cursor(pedido.web.query.get("after"))
    restantes = [i for i in itens if i["id"] > depois]
    pagina = restantes[: _limite(pedido)]
    corpo: dict[str, Any] = {"data": pagina}
    if pagina:
        corpo["paging"] = {"cursors": {"before": _cursor(pagina[0]["id"]), "after": _cursor(pagina[-1]["id"])}}
        if len(restantes) > len(pagina):
            proxima = pedido.web.url.update_query(after=_cursor(pagina[-1]["id"]))
            corpo["paging"]["next"] = str(proxima)
    return responder(corpo)


def _limite(pedido: Pedido) -> int:
    bruto = pedido.web.query.get("limit", str(_PAGINA))
    if not bruto.isdecimal() or not 1 <= int(bruto) <= _PAGINA_MAXIMA:
        raise Negado(100, f"limit must be between 1 and {_PAGINA_MAXIMA}")
    return int(bruto)


def _cursor(id_: str) -> str:
    return base64.urlsafe_b64encode(id_.encode()).decode()


def _ler_cursor(cursor: str | None) -> str:
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Negado(100, "Invalid cursor.") from None
