"""Refusals as people read them: a page, or only the region that failed."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Response
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app.erros import Erro
from app.http.comum import Pedido
from app.http.pages.pagina import Pagina, da_regiao, entrar_primeiro, html, leitor_de, nosso, pagina_acima, tema_de
from app.http.render import render, traduzir

_TITULOS: Final = {
    400: "Pedido que não se entende",
    403: "Sem permissão",
    404: "Página não encontrada",
    405: "Aqui não se envia nada",
    409: "Alguém mudou antes",
    422: "Não foi possível",
    429: "Rápido demais",
    503: "Voltando em instantes",
}


def e_de_pagina(pedido: Pedido) -> bool:
    """The request came from a page, or from a browser that asked for an address that does not exist."""
    rota = pedido.scope.get("route_handler")
    if rota is not None:
        return bool(rota.opt.get("pagina")) and not rota.opt.get("dados")
    return not pedido.url.path.startswith("/api") and "text/html" in pedido.headers.get("accept", "")


def _destino(pedido: Pedido) -> str:
    """Where trying again leads: the page that one sees, or the one that was asked for."""
    de_onde = pedido.headers.get("hx-current-url") or pedido.headers.get("referer") or ""
    if pedido.method == "GET" and not da_regiao(pedido):
        de_onde = str(pedido.url)
    partes = urlsplit(de_onde)
    return nosso(pedido, partes.path + (f"?{partes.query}" if partes.query else ""))


def responder_pagina(pedido: Pedido, erro: Erro) -> Response[Any]:
    """The answer of a page to a refusal; without a session, the way to the login page and back."""
    if erro.status == 401:
        return entrar_primeiro(pedido)
    if erro.status == 405 and pedido.method == "GET" and not da_regiao(pedido):
        # where something is sent to, opened: a form that was refused, reloaded
        return Redirect(pagina_acima(pedido), status_code=HTTP_303_SEE_OTHER)
    titulo = traduzir(leitor_de(pedido).idioma)(_TITULOS.get(erro.status, "Algo deu errado"))
    dados = {"erro": erro, "titulo": titulo, "destino": _destino(pedido), "regiao": da_regiao(pedido)}
    pagina: Pagina | None = getattr(pedido.state, "pagina", None)
    if pagina is not None:
        resposta = pagina.desenhar("falha.html", erro.status, **dados)
    else:
        nome = "_falha.html" if dados["regiao"] else "falha_so.html"
        resposta = html(pedido, render(nome, leitor_de(pedido), tema=tema_de(pedido), soltos=[], **dados), erro.status)
    if erro.espera_s is not None:
        resposta.headers["Retry-After"] = str(erro.espera_s)
    return resposta


def conferir_origem(pedido: Pedido) -> None:
    """A form of another site may not act with the session of this one (Sec-Fetch-Site, or Origin without it); nor may
    it ask for what only scripts of ours read."""
    le, dados = pedido.method in ("GET", "HEAD", "OPTIONS"), pedido.route_handler.opt.get("dados")
    if le and not (dados and "sec-fetch-site" in pedido.headers):
        return
    de_onde = pedido.headers.get("sec-fetch-site")
    if de_onde is None:
        origem = pedido.headers.get("origin")
        nossa = origem is not None and origem.partition("://")[2] == pedido.headers.get("host")
    else:
        nossa = de_onde in ("same-origin", "none")
    if not nossa:
        raise Erro(403, "ZPG03", "este pedido veio de outro site")
