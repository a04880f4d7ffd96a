"""Entering and leaving with a browser: the password, then the code of whoever turned the second factor on."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from app import senhas
from app.erros import Erro
from app.http import entrada
from app.http.comum import ChamadaAnonima, Pedido, ler_token
from app.http.pages import sessao
from app.http.pages.campos import ler_campos
from app.http.pages.pagina import PAGINA, ComPagina, Html, html, leitor_de, nosso, tema_de
from app.http.render import render
from app.tipos.identidade import SessaoAberta

Texto = Annotated[str | None, QueryParameter()]
_VAZIOS: Final = {"volta": "/", "email": "", "erro": None, "expirou": False, "motivo": None}
# the first step, said right: `<cliente_id>.<secret>`; the database knows for how long, and spends it
_PENDENTE: Final = "__Host-entrada"
_SO_NOSSO: Final[dict[str, Any]] = {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}
_PENDENTE_S: Final = 600
_FALTA_CODIGO: Final = "ZAI03"
# what no other code can mend: the log-in page says why
_COMECAR_DE_NOVO: Final = frozenset({"ZAI05", "ZAI06"})


def _mostrar(pedido: Pedido, pagina: str, status: int = 200, **dados: Any) -> Html:
    return html(pedido, render(pagina, leitor_de(pedido), tema=tema_de(pedido), **{**_VAZIOS, **dados}), status)


def _segredos(acesso: str) -> dict[str, object]:
    return {
        "p_acesso_hash": senhas.resumo(acesso),
        "p_renovacao_hash": senhas.resumo(senhas.novo_segredo()),
        "p_canal": "NAVEGADOR",
    }


def _pendente(valor: str, segundos: int) -> Cookie:
    return Cookie(key=_PENDENTE, value=valor, max_age=segundos, **_SO_NOSSO)


def _dentro(pedido: Pedido, aberta: SessaoAberta, acesso: str, volta: str) -> Response[Any]:
    cookies = [sessao.criar(f"{aberta.cliente_id}.{acesso}", aberta.expira_em)]
    if _PENDENTE in pedido.cookies:
        cookies.append(_pendente("", 0))
    return Redirect(volta, status_code=HTTP_303_SEE_OTHER, cookies=cookies)


@get("/entrar", **PAGINA)
async def mostrar_entrada(request: Pedido, volta: Texto = None, motivo: Texto = None) -> Html:
    return _mostrar(request, "entrar.html", volta=nosso(request, volta), expirou=volta is not None, motivo=motivo)


@post("/entrar", **PAGINA)
async def entrar(request: Pedido, anonima: ChamadaAnonima) -> Response[Any]:
    campos, acesso, pendente = await ler_campos(request), senhas.novo_segredo(), senhas.novo_segredo()
    volta = nosso(request, campos.cru("volta"))
    segredos = {**_segredos(acesso), "p_pendente_hash": senhas.resumo(pendente)}
    try:
        aberta = await entrada.entrar(request, anonima, campos.um("email")[:250], campos.cru("senha")[:200], segredos)
    except Erro as erro:
        if erro.defeito:
            raise
        if erro.codigo == _FALTA_CODIGO:
            return _pedir_codigo(erro, pendente, volta)
        return _mostrar(request, "entrar.html", erro.status, erro=erro, email=campos.um("email"), volta=volta)
    return _dentro(request, aberta, acesso, volta)


def _pedir_codigo(erro: Erro, pendente: str, volta: str) -> Response[Any]:
    """The password was right: on to the code. What proves that goes into a cookie that scripts cannot read."""
    onde = "/entrar/codigo" if volta == "/" else f"/entrar/codigo?volta={quote(volta, safe='')}"
    cookie = _pendente(f"{erro.corpo.detalhe}.{pendente}", _PENDENTE_S)
    return Redirect(onde, status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


def _de_novo(volta: str, **motivo: str) -> Response[Any]:
    para = motivo if volta == "/" else {"volta": volta, **motivo}
    onde = f"/entrar?{urlencode(para)}" if para else "/entrar"
    return Redirect(onde, status_code=HTTP_303_SEE_OTHER, cookies=[_pendente("", 0)])


@get("/entrar/codigo", **PAGINA)
async def mostrar_codigo(request: Pedido, volta: Texto = None) -> Response[Any]:
    onde = nosso(request, volta)
    if ler_token(request.cookies.get(_PENDENTE, "")) is None:
        return _de_novo(onde)
    return _mostrar(request, "entrar_codigo.html", volta=onde)


@post("/entrar/codigo", **PAGINA)
async def dizer_codigo(request: Pedido, anonima: ChamadaAnonima) -> Response[Any]:
    campos, acesso = await ler_campos(request), senhas.novo_segredo()
    volta, pendente = nosso(request, campos.cru("volta")), ler_token(request.cookies.get(_PENDENTE, ""))
    if pendente is None:
        return _de_novo(volta)
    try:
        aberta = await entrada.provar(request, anonima, pendente, campos.um("codigo"), _segredos(acesso))
    except Erro as erro:
        if erro.defeito:
            raise
        if erro.codigo in _COMECAR_DE_NOVO:
            return _de_novo(volta, motivo=erro.codigo)
        return _mostrar(request, "entrar_codigo.html", erro.status, erro=erro, volta=volta)
    return _dentro(request, aberta, acesso, volta)


@get("/recuperar", **PAGINA)
async def recuperar(request: Pedido) -> Html:
    return _mostrar(request, "recuperar.html")


@post("/sair", **PAGINA)
async def sair(pagina: ComPagina) -> Response[Any]:
    await pagina.chamada.objeto("api.sessao_encerrar")
    # drafts of customers' conversations must not stay on a shared computer
    limpar = {"Clear-Site-Data": '"cache", "storage"'}
    return Redirect("/entrar", status_code=HTTP_303_SEE_OTHER, cookies=[sessao.apagar()], headers=limpar)
