"""Where a link of one use leads: the person whose it is defines her password."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Struct

from app import senhas
from app.erros import Erro
from app.http.comum import Anonima, ChamadaAnonima, Pedido, ler_token
from app.http.pages.campos import ler_campos
from app.http.pages.pagina import PAGINA, Html, html, leitor_de, tema_de
from app.http.render import render
from app.http.validacao import da_msgspec
from app.tipos.identidade import ConviteAceito, SenhaNova


class _Escolhida(Struct):
    senha: SenhaNova


def conferir_nova(senha: str, repetida: str) -> str:
    """A password that somebody chose and typed twice. Raises what names the field."""
    try:
        msgspec.convert({"senha": senha}, _Escolhida)
    except msgspec.ValidationError as erro:
        raise da_msgspec(erro) from None
    if senha != repetida:
        raise Erro(422, "ZRI09", "as duas senhas não são iguais", campo="repetida")
    return senha


def _prova(token: str) -> dict[str, object]:
    lido = ler_token(token)
    if lido is None:
        raise Erro(404, "ZNI05", "este link já foi usado ou venceu: peça outro a quem administra a conta")
    return {"p_cliente_id": lido[0], "p_segredo_hash": senhas.resumo(lido[1])}


async def _mostrar(
    pedido: Pedido, anonima: Anonima, prova: dict[str, object], status: int = 200, erro: Erro | None = None
) -> Html:
    convite = await anonima.ler("api.convite_obter", dict[str, Any], **prova)
    leitor = leitor_de(pedido)
    pagina = render("convite.html", leitor, tema=tema_de(pedido), convite=convite, erro=erro)
    resposta = html(pedido, pagina, status)
    resposta.headers["Cache-Control"] = "no-store"
    return resposta


@get("/convite/pronto", **PAGINA)
async def convite_pronto(request: Pedido) -> Html:
    return html(request, render("convite.html", leitor_de(request), tema=tema_de(request), convite=None, erro=None))


@get("/convite/{token:str}", **PAGINA)
async def convite(request: Pedido, token: FromPath[str], anonima: ChamadaAnonima) -> Html:
    return await _mostrar(request, anonima, _prova(token))


@post("/convite/{token:str}", **PAGINA)
async def aceitar(request: Pedido, token: FromPath[str], anonima: ChamadaAnonima) -> Response[Any]:
    prova, campos = _prova(token), await ler_campos(request)
    # before the costly hash: a link that is worth nothing costs nothing
    await anonima.ler("api.convite_obter", dict[str, Any], **prova)
    try:
        senha = conferir_nova(campos.cru("senha"), campos.cru("repetida"))
    except Erro as erro:
        return await _mostrar(request, anonima, prova, erro.status, erro)
    await anonima.ler("api.convite_aceitar", ConviteAceito, **prova, p_senha_hash=await senhas.gerar(senha))
    return Redirect("/convite/pronto", status_code=HTTP_303_SEE_OTHER)
