"""Every refusal leaves in the one envelope, whoever raised it: the database, Litestar or a defect of ours."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from app.erros import Erro, ErroCorpo, ErroEnvelope
from app.http.comum import JSON, Pedido, exigir_token
from app.http.pages.falha import conferir_origem, e_de_pagina, responder_pagina
from app.http.validacao import do_litestar

_registro = structlog.get_logger(__name__)
_FIXAS: Final[dict[int, tuple[str, str]]] = {
    401: ("ZAG01", "sessão inválida ou expirada"),
    403: ("ZPG01", "você não tem permissão para isto"),
    404: ("ZNG01", "este endereço não existe"),
    405: ("ZRG04", "este endereço não aceita este método"),
    413: ("ZRG05", "o pedido é grande demais"),
    415: ("ZRG06", "o tipo de conteúdo do pedido não é aceito aqui"),
    429: ("ZLG01", "pedidos demais: aguarde um pouco"),
}
_SEM_CORPO: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


def _do_http(erro: HTTPException) -> Erro:
    if fixa := _FIXAS.get(erro.status_code):
        return Erro(erro.status_code, *fixa)
    return do_litestar(erro)


def _defeito(pedido: Pedido, erro: Exception) -> Erro:
    # the text of an unknown error may hold data of customers: it goes to the log, masked, never to the caller
    _registro.error("defeito", rota=pedido.scope.get("path_template"), metodo=pedido.method, exc_info=erro)
    return Erro(500, "ZXG01", "erro inesperado: já foi registrado")


def _nomear(pedido: Pedido, corpo: ErroCorpo) -> ErroCorpo:
    """The field under the name that the route gives it, where the function has another."""
    rota = pedido.scope.get("route_handler")
    campos: dict[str, str] = rota.opt.get("campos", {}) if rota else {}
    return msgspec.structs.replace(corpo, campo=campos.get(corpo.campo or "", corpo.campo))


def responder(pedido: Pedido, erro: Exception) -> Response[Any]:
    """The exception handler of the whole application."""
    if isinstance(erro, Erro):
        recusa = _defeito(pedido, erro) if erro.defeito else erro
    elif isinstance(erro, HTTPException) and erro.status_code < 500:
        recusa = _do_http(erro)
    else:
        recusa = _defeito(pedido, erro)
    if e_de_pagina(pedido):
        return responder_pagina(pedido, recusa)
    cabecalhos: dict[str, Any] = {}
    if recusa.espera_s is not None:
        cabecalhos["Retry-After"] = str(recusa.espera_s)
    if recusa.status == 401:
        cabecalhos["WWW-Authenticate"] = "Bearer"
    if recusa.status == 405 and isinstance(erro, HTTPException) and erro.headers:
        cabecalhos["Allow"] = erro.headers.get("allow", "")
    corpo = msgspec.json.encode(ErroEnvelope(_nomear(pedido, recusa.corpo)))
    return Response(corpo, status_code=recusa.status, media_type=JSON, headers=cabecalhos)


async def conferir(pedido: Pedido) -> None:
    """Before the body is read: a token unless the route is public, and the expected content type."""
    if pedido.method == "OPTIONS":
        return
    opcoes = pedido.route_handler.opt
    if opcoes.get("pagina"):
        conferir_origem(pedido)
    if not opcoes.get("publico"):
        exigir_token(pedido)
    esperada = opcoes.get("midia", JSON)
    tem_corpo = pedido.headers.get("content-length", "0") != "0" or "transfer-encoding" in pedido.headers
    if pedido.method not in _SEM_CORPO and tem_corpo and esperada not in ("*", pedido.content_type[0]):
        raise Erro(415, *_FIXAS[415], campo="Content-Type", detalhe=esperada)
