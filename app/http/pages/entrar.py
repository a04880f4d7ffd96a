"""Entering and leaving with a browser."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Struct

from app import senhas
from app.erros import Erro
from app.http.comum import ChamadaAnonima, Pedido
from app.http.pages import sessao
from app.http.pages.pagina import PAGINA, ComPagina, Html, html, leitor_de, nosso, tema_de
from app.http.render import render
from app.tipos.identidade import LoginPreparado, SessaoAberta

_NOVA = {"volta": "/", "email": "", "erro": None, "expirou": False}


class Credenciais(Struct):
    email: str = ""
    senha: str = ""
    volta: str = "/"


def _mostrar(pedido: Pedido, status: int = 200, **dados: Any) -> Html:
    return html(pedido, render("entrar.html", leitor_de(pedido), tema=tema_de(pedido), **{**_NOVA, **dados}), status)


@get("/entrar", **PAGINA)
async def mostrar_entrada(request: Pedido, volta: Annotated[str | None, QueryParameter()] = None) -> Html:
    return _mostrar(request, volta=nosso(request, volta), expirou=volta is not None)


@post("/entrar", **PAGINA)
async def entrar(
    request: Pedido,
    data: Annotated[Credenciais, Body(media_type=RequestEncodingType.URL_ENCODED)],
    anonima: ChamadaAnonima,
) -> Response[Any]:
    quem: dict[str, object] = {"p_email": data.email[:250], "p_origem": request.client.host if request.client else None}
    acesso = senhas.novo_segredo()
    try:
        preparado = await anonima.ler("api.login_preparar", LoginPreparado, **quem)
        confere = await senhas.conferir(data.senha[:200], preparado.senha_hash)
        aberta = await anonima.ler(
            "api.login_concluir",
            SessaoAberta,
            **quem,
            p_confere=confere,
            p_senha_hash_conferida=preparado.senha_hash,
            p_acesso_hash=senhas.resumo(acesso),
            p_renovacao_hash=senhas.resumo(senhas.novo_segredo()),
            p_agente=request.headers.get("user-agent"),
            p_canal="NAVEGADOR",
        )
    except Erro as erro:
        if erro.defeito:
            raise
        return _mostrar(request, erro.status, erro=erro, email=data.email, volta=nosso(request, data.volta))
    cookie = sessao.criar(f"{aberta.cliente_id}.{acesso}", aberta.expira_em)
    return Redirect(nosso(request, data.volta), status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


@post("/sair", **PAGINA)
async def sair(pagina: ComPagina) -> Response[Any]:
    await pagina.chamada.objeto("api.sessao_encerrar")
    # drafts of customers' conversations must not stay on a shared computer
    limpar = {"Clear-Site-Data": '"cache", "storage"'}
    return Redirect("/entrar", status_code=HTTP_303_SEE_OTHER, cookies=[sessao.apagar()], headers=limpar)
