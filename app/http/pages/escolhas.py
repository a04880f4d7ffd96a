"""Theme, language and availability: chosen from the menu of every page, back to where one was."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Any, Final

from litestar import Response, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from msgspec import Struct

from app.http.comum import Pedido
from app.http.pages.pagina import PAGINA, TEMAS, ComPagina, nosso
from app.http.render import IDIOMAS

_UM_ANO: Final = 365 * 86_400
Formulario = Body(media_type=RequestEncodingType.URL_ENCODED)


class Escolha(Struct):
    valor: str = ""
    volta: str = "/"


def _lembrar(pedido: Pedido, nome: str, escolha: Escolha, aceitos: Container[str]) -> Response[Any]:
    # readable by nobody but the server; what is not known is forgotten
    valor = escolha.valor if escolha.valor in aceitos else ""
    cookie = Cookie(
        key=nome, value=valor, max_age=_UM_ANO if valor else 0, path="/", secure=True, httponly=True, samesite="lax"
    )
    return Redirect(nosso(pedido, escolha.volta), status_code=HTTP_303_SEE_OTHER, cookies=[cookie])


@post("/tema", **PAGINA)
async def escolher_tema(request: Pedido, data: Annotated[Escolha, Formulario]) -> Response[Any]:
    return _lembrar(request, "tema", data, TEMAS)


@post("/idioma", **PAGINA)
async def escolher_idioma(request: Pedido, data: Annotated[Escolha, Formulario]) -> Response[Any]:
    return _lembrar(request, "idioma", data, IDIOMAS)


@post("/disponibilidade", **PAGINA)
async def escolher_disponibilidade(pagina: ComPagina, data: Annotated[Escolha, Formulario]) -> Response[Any]:
    await pagina.chamada.objeto("api.disponibilidade_atualizar", p_disponibilidade=data.valor)
    return pagina.ir(nosso(pagina.pedido, data.volta), "Disponibilidade mudada")
