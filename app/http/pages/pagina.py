"""What every page handler uses: the caller, who he is, and an answer drawn from a template.

A handler takes `pagina`, calls the database through `pagina.chamada` as the API does, and returns
`await pagina.mostrar("x.html", …)`. A request of htmx gets only the region (`_x.html`); the address is the same.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote
from uuid import UUID
from zoneinfo import available_timezones

import brotli
from litestar import Litestar, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from app.erros import Erro
from app.http.comum import DaSessao, Pedido
from app.http.fluxo import Central
from app.http.pages import sessao
from app.http.pages.atalhos import mapa
from app.http.pages.campos import Digitado
from app.http.pages.menu import menu_de
from app.http.render import IDIOMAS, Leitor, dizer, render, traduzir
from app.tipos.eventos import EventosSessao
from app.tipos.identidade import SessaoEstendida

Html = Response[bytes]
HTML: Final = "text/html"
_FUSOS: Final = frozenset(available_timezones())  # reading them takes 20 ms
# keyword arguments of every page's route; a form is read as it is, the database says what is wrong with it
PAGINA: Final[dict[str, Any]] = {
    "opt": {"publico": True, "pagina": True, "midia": "*"},
    "include_in_schema": False,
    "dto": None,
}


def formulario(permissao: str) -> dict[str, Any]:
    """Of the route that shows a form which only who has this permission may send."""
    return {**PAGINA, "opt": {**PAGINA["opt"], "exige": permissao}}


# of a route that a page's script calls: JSON in and out, refusals in the API's envelope
DADOS: Final[dict[str, Any]] = {
    "opt": {"publico": True, "pagina": True, "dados": True},
    "include_in_schema": False,
    "status_code": HTTP_200_OK,
}
# of what is sent, what people wrote themselves
_ESCRITO: Final = re.compile(r"texto|legenda|quando|p:.*")
_BRINDE: Final = "brinde"
T = TypeVar("T")
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "worker-src 'self'"
)
TEMAS: Final = frozenset({"claro", "escuro"})
_SEGURANCA: Final = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding, HX-Request",
}


def html(pedido: Pedido, texto: str, status: int = 200) -> Html:
    """One HTML answer, compressed if the browser takes it, with the headers of every page."""
    corpo, cabecalhos = texto.encode(), dict(_SEGURANCA)
    if "br" in pedido.headers.get("accept-encoding", ""):
        corpo = brotli.compress(corpo, quality=8)
        cabecalhos["Content-Encoding"] = "br"
    return Response(corpo, media_type=HTML, status_code=status, headers=cabecalhos)


def leitor_de(pedido: Pedido, fuso: str | None = None) -> Leitor:
    """The language of the cookie `idioma`, and this time zone."""
    idioma = pedido.cookies.get("idioma", "")
    return Leitor(idioma if idioma in IDIOMAS else Leitor().idioma, fuso if fuso in _FUSOS else Leitor().fuso)


def tema_de(pedido: Pedido) -> str:
    """`claro`, `escuro`, or nothing: the system's."""
    tema = pedido.cookies.get("tema", "")
    return tema if tema in TEMAS else ""


@cache
def _que_se_abrem(app: Litestar) -> re.Pattern[str]:
    """The addresses of pages that a browser may be led to: what is only posted to, and what scripts read, are none."""
    rotas = {r.path for r in app.routes for dona in getattr(r, "route_handlers", []) if _se_abre(dona)}
    partes = [
        re.sub(r"\\\{[^{}]*?(uuid)?\\\}", lambda m: "[0-9a-f-]{36}" if m[1] else "[^/]+", re.escape(r)) for r in rotas
    ]
    return re.compile("|".join(partes))


def _se_abre(dona: HTTPRouteHandler) -> bool:
    return "GET" in dona.http_methods and bool(dona.opt.get("pagina")) and not dona.opt.get("dados")


def nosso(pedido: Pedido, onde: str | None) -> str:
    """`onde` if it is a page of ours that can be opened, else the first page. Nothing that leads to another site, or
    that does something, is one."""
    caminho = (onde or "").partition("#")[0].partition("?")[0]
    limpo = onde and not any(letra <= " " or letra == "\\" for letra in onde)
    return onde if onde and limpo and _que_se_abrem(pedido.app).fullmatch(caminho) else "/"


def pagina_acima(pedido: Pedido) -> str:
    """The nearest page above an address that cannot be opened: that of the thing it acts on."""
    partes = pedido.url.path.split("/")
    acima = ("/".join(partes[:n]) for n in range(len(partes) - 1, 1, -1))
    return next((onde for onde in acima if _que_se_abrem(pedido.app).fullmatch(onde)), "/")


async def se_puder(leitura: Awaitable[T]) -> T | None:
    """What was asked for; None for who may not see it, whose page has no such part."""
    try:
        return await leitura
    except Erro as erro:
        if erro.status != 403:
            raise
        return None


def da_regiao(pedido: Pedido) -> bool:
    """htmx asks for a region of a page that is already there."""
    return pedido.headers.get("hx-request") == "true" and pedido.headers.get("hx-history-restore-request") != "true"


def entrar_primeiro(pedido: Pedido) -> Response[Any]:
    """To the login page and back: as a redirect, or as htmx follows one."""
    destino = pedido.url.path + (f"?{pedido.url.query}" if pedido.url.query else "")
    onde = "/entrar" if destino == "/" or pedido.method != "GET" else f"/entrar?volta={quote(destino, safe='')}"
    if da_regiao(pedido):
        return Response(b"", headers={"HX-Redirect": onde}, cookies=[sessao.apagar()])
    return Redirect(onde, status_code=HTTP_303_SEE_OTHER, cookies=[sessao.apagar()])


class Pagina:
    """One request of a browser with a session."""

    def __init__(self, pedido: Pedido, token: tuple[UUID, str]) -> None:
        self.pedido = pedido
        self.token = token
        estado = pedido.app.state
        self.chamada = DaSessao(estado.guarda, *token, estado.chamador)
        self._desde = 0
        self.eu: dict[str, Any] = {}
        self.esperam: dict[str, int] = {}
        # what was written to a customer or a colleague: whatever page answers shows it, unless it was accepted
        self.redigido = Digitado()

    @property
    def fuso(self) -> str:
        """The tenant's time zone."""
        return str(self.eu["cliente"]["fuso"])

    async def conhecer(self) -> None:
        """Who asks; and before anything of the page is read the number after which something may be missing in it."""
        central: Central = self.pedido.app.state.central
        ultimo = central.ultimo(self.chamada.cliente_id)
        if ultimo is None and not da_regiao(self.pedido):
            # nobody of this tenant listens yet
            ultimo = (await self.chamada.ler("api.eventos_sessao_obter", EventosSessao)).ultimo
        self._desde = ultimo or 0
        self.eu = await self.chamada.ler("api.eu_obter", dict[str, Any])

    def contexto(self) -> dict[str, Any]:
        """What every page says of who reads it and where."""
        url = self.pedido.url
        return {
            "desde": self._desde,
            "eu": self.eu,
            "pode": self.eu["permissoes"],
            "tema": tema_de(self.pedido),
            "caminho": url.path,
            "aqui": url.path + (f"?{url.query}" if url.query else ""),
            "menu": menu_de(self.eu["permissoes"]),
            "atalhos": mapa(self.eu["preferencias"]),
            "esperam": self.esperam,
            "redigido": self.redigido,
            "soltos": [valor for nome, valor in sorted(self.redigido.items()) if valor and _ESCRITO.fullmatch(nome)],
            "brinde": unquote(self.pedido.cookies.get(_BRINDE, ""))[:200],
        }

    def desenhar(self, template: str, status: int = 200, **dados: Any) -> Html:
        """The answer, without touching the session."""
        contexto, regiao = self.contexto(), da_regiao(self.pedido)
        leitor = leitor_de(self.pedido, self.fuso)
        nome = f"_{template}" if regiao else template
        resposta = html(self.pedido, render(nome, leitor, **contexto, **dados), status)
        if contexto["brinde"] and not regiao:
            resposta.delete_cookie(_BRINDE)
        return resposta

    async def mostrar(self, template: str, status: int = 200, **dados: Any) -> Html:
        """Draw `template`; for htmx, only its region (the template of the same name that begins with `_`)."""
        if not da_regiao(self.pedido):
            self.esperam = await self._esperam(self.eu["permissoes"])
        resposta = self.desenhar(template, status, **dados)
        if not da_regiao(self.pedido) and sessao.falta_estender(self.pedido):
            await self.estender(resposta)
        return resposta

    async def _esperam(self, permissoes: list[str]) -> dict[str, int]:
        """How much waits for this person behind entries of the menu, by where they lead; counted up to a hundred."""
        if "fila:ler" not in permissoes:
            return {}
        contada: dict[str, int] = await self.chamada.ler("api.fila_morta_contar", dict[str, int])
        return {"/fila-morta": contada["abertas"]}

    async def estender(self, resposta: Html) -> None:
        """The session, and the cookie that carries it, for another while."""
        estendida = await self.chamada.ler("api.sessao_estender", SessaoEstendida)
        token = self.pedido.cookies[sessao.NOME].rpartition("|")[0]
        resposta.cookies.append(sessao.criar(token, estendida.expira_em))

    def recusa(self, erro: Erro) -> int:
        """The status with which a form is shown again beside this refusal; raises what no form can mend."""
        if erro.defeito or erro.status not in (400, 409, 422, 429):
            raise erro
        return erro.status

    def ir_recusado(self, onde: str, erro: Erro) -> Response[Any]:
        """After a refusal that no form can show: see `onde`, and there, once, what was refused."""
        frase = dizer(leitor_de(self.pedido).idioma)
        return self.ir(onde, f"{frase(erro.corpo.mensagem)} ({erro.corpo.codigo})")

    def ir(self, onde: str, brinde: str, valores: dict[str, str] | None = None) -> Response[Any]:
        """After a form that was accepted: see the result at `onde`, and there, once, this notice."""
        texto = traduzir(leitor_de(self.pedido).idioma)(brinde, **(valores or {}))
        cookie = Cookie(key=_BRINDE, value=quote(texto), max_age=60, secure=True, httponly=True, samesite="lax")
        if da_regiao(self.pedido):
            return Response(b"", headers={"HX-Redirect": onde}, cookies=[cookie])
        return Redirect(onde, status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


async def dar_pagina(request: Pedido) -> Pagina:
    """The dependency `pagina`: refuses, as the database would, a browser without a cookie of ours."""
    token = sessao.ler(request)
    if token is None:
        raise Erro(401, "ZAG01", "sessão inválida ou expirada")
    pagina = Pagina(request, token)
    if not request.route_handler.opt.get("dados"):
        await pagina.conhecer()
        # a refusal of what follows is shown in the shell of whoever asked
        request.state.pagina = pagina
        if exigida := request.route_handler.opt.get("exige"):
            await pagina.chamada.objeto("api.permissao_conferir", p_permissao=exigida)
    return pagina


ComPagina = NamedDependency[SkipValidation[Pagina]]
