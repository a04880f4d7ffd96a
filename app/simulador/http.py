"""One request and one answer on the provider side, including answers that never arrive whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

JSON = "application/json; charset=UTF-8"
PAGINA_PROXY = b"<html><head><title>Bad Gateway</title></head><body><h1>Upstream error</h1></body></html>"
Modo = Literal["inteira", "truncada", "lenta", "reset", "muda"]
Provedor = Literal["meta", "uaizap"]
_CREDENCIAL: dict[Provedor, str] = {"meta": "Authorization", "uaizap": "token"}


@dataclass(slots=True)
class Pedido:
    """``no`` is the Graph node of the path and ``aresta`` its edge: ``/v25.0/{no}/{aresta}``.

    At UaiZap ``no`` is the instance the token names, and there is no edge.
    """

    web: web.BaseRequest
    metodo: str
    caminho: str
    no: str
    aresta: str
    corpo: bytes
    id: str
    fbtrace: str
    versao: str = ""
    provedor: Provedor = "meta"

    @property
    def autorizacao(self) -> str | None:
        return self.web.headers.get(_CREDENCIAL[self.provedor])

    @property
    def query(self) -> dict[str, str]:
        return dict(self.web.query)

    def cliente_saiu(self) -> bool:
        transporte = self.web.transport
        return transporte is None or transporte.is_closing()


@dataclass(slots=True)
class Resposta:
    """``parametro``: bytes to keep when truncated, ms per byte when slow, µs of silence when mute (0 = for ever)."""

    http: int = 200
    corpo: bytes = b""
    tipo: str = JSON
    modo: Modo = "inteira"
    parametro: int = 0
    codigo: int | str | None = None
    cabecalhos: dict[str, str] = field(default_factory=dict)
