"""What goes wrong in a browser, told to us: kept in the log, handed on where a DSN is set."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Annotated, Final

import structlog
from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta

from app import sentinela
from app.erros import Erro
from app.http.pages.pagina import DADOS, ComPagina
from app.tipos.comum import Corpo

POR_MINUTO: Final = 10
_SESSOES: Final = 5000
_registro = structlog.get_logger(__name__)
_contagem: OrderedDict[str, tuple[int, int]] = OrderedDict()


class ErroNoNavegador(Corpo):
    """What a script said of itself: the message, where it stands, on which page."""

    mensagem: Annotated[str, Meta(max_length=300)]
    onde: Annotated[str, Meta(max_length=300)] = ""
    pagina: Annotated[str, Meta(max_length=200)] = ""


def _contar(sessao: str) -> None:
    """Refuse the eleventh of a minute; the minutes of other sessions are forgotten as they age."""
    minuto = int(time.monotonic() // 60)
    antes, quantos = _contagem.pop(sessao, (minuto, 0))
    quantos = quantos + 1 if antes == minuto else 1
    _contagem[sessao] = minuto, quantos
    if len(_contagem) > _SESSOES:
        _contagem.popitem(last=False)
    if quantos > POR_MINUTO:
        raise Erro(429, "ZLG01", "pedidos demais: aguarde um pouco", espera_s=60)


@post("/erros", **{**DADOS, "status_code": 204})
async def relatar(pagina: ComPagina, data: JSONBody[ErroNoNavegador]) -> Response[None]:
    _contar(pagina.token[1])
    # only a live session is heard
    await pagina.chamada.objeto("api.eu_obter")
    _registro.warning("erro_no_navegador", erro=data.mensagem, onde=data.onde, pagina=data.pagina)
    sentinela.relatar(data.mensagem, onde=data.onde, pagina=data.pagina)
    return Response(None)
