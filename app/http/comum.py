"""What every handler uses: the caller's token, the call, the envelope and the documentation of a route.

A handler takes `chamada` and returns `await chamada.objeto("api.x", p_y=...)`: the function's bytes, wrapped, not
read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter, SkipValidation
from msgspec import Struct

from app.banco import Chamavel
from app.chamado import Chamador, Execucao
from app.erros import Erro, ErroEnvelope, do_banco
from app.tipos import CONTRATOS
from app.tipos.comum import MetaPagina, Pagina

T = TypeVar("T")
Pedido = Request[Any, Any, State]
Json = Response[bytes]

JSON: Final = "application/json"
_TOKEN: Final = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})")
_RECUSA: Final = b'{"recusa": '
_DESCRICOES: Final = {
    400: "Pedido malformado",
    401: "Sem sessão válida",
    403: "Sem permissão",
    404: "Não encontrado",
    405: "Método não aceito",
    409: "Conflito",
    413: "Corpo grande demais",
    415: "Tipo de conteúdo não aceito",
    422: "Regra de negócio",
    429: "Limite atingido; Retry-After quando esperar resolve",
    500: "Defeito nosso",
    503: "Indisponível por instantes",
    504: "Demorou demais",
}

Limite = Annotated[
    int | None, QueryParameter(name="limite", ge=1, le=200, description="Itens por página; 50 se ausente.")
]
Cursor = Annotated[
    str | None,
    QueryParameter(name="cursor", pattern="^[0-9a-f]{32}$", description="`meta.proximoCursor` da página anterior."),
]
VersaoLida = Annotated[
    int | None,
    QueryParameter(name="versao", ge=1, le=2_147_483_647, description="Versão lida; se outra pessoa mudou antes, 409."),
]
ChaveIdempotencia = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Repetir o mesmo pedido com a mesma chave repete a primeira resposta.",
    ),
]


class _Recusa(Struct):
    codigo: str
    mensagem: str
    campo: str | None
    detalhe: str | None


class _Recusado(Struct):
    recusa: _Recusa


class _Feito(Struct, rename="camel"):
    conexao_id: UUID | None = None
    mensagem: _Feito | None = None


class _DoNumero(Struct):
    dados: _Feito


def ler_token(texto: str) -> tuple[UUID, str] | None:
    """The tenant and the secret of `<cliente_id>.<secret>`, or None when it is not a token of ours."""
    achado = _TOKEN.fullmatch(texto)
    return (UUID(achado.group(1)), achado.group(2)) if achado else None


def sem_sessao() -> Erro:
    return Erro(401, "ZAG01", "sessão inválida ou expirada")


def exigir_token(pedido: Pedido) -> tuple[UUID, str]:
    """The bearer token of the request; the database, not this, says whether it is alive."""
    esquema, _, valor = pedido.headers.get("authorization", "").partition(" ")
    token = ler_token(valor.strip()) if esquema.lower() == "bearer" else None
    if token is None:
        raise sem_sessao()
    return token


def argumentos(corpo: Struct) -> dict[str, object]:
    """The fields of a body as the named arguments of its function."""
    return {f"p_{campo}": getattr(corpo, campo) for campo in corpo.__struct_fields__}


def objeto(dados: bytes, status: int | None = None) -> Json:
    """Wrap one object."""
    return Response(b'{"sucesso":true,"dados":' + dados + b"}", media_type=JSON, status_code=status)


def lista(pagina: bytes) -> Json:
    """Wrap the `{"dados": […], "meta": {…}}` of a list function."""
    return Response(b'{"sucesso":true,' + pagina[1:], media_type=JSON)


async def chamar(banco: Chamavel, funcao: str, valores: dict[str, object]) -> bytes:
    """Call a stored function; a refusal that it returned (to keep what it wrote) is raised like any other."""
    resposta = await banco.chamar(funcao, valores)
    if resposta.startswith(_RECUSA):
        r = msgspec.json.decode(resposta, type=_Recusado).recusa
        raise do_banco(r.codigo, r.mensagem, detalhe=r.detalhe, campo=r.campo)
    return resposta


class Anonima:
    """Calls of somebody who has no session yet."""

    def __init__(self, banco: Chamavel) -> None:
        self._banco = banco

    def _valores(self, valores: dict[str, object]) -> dict[str, object]:
        return valores

    async def ler(self, funcao: str, tipo: type[T], **valores: object) -> T:
        """Call and decode: only for what the edge itself has to know."""
        return msgspec.json.decode(await chamar(self._banco, funcao, self._valores(valores)), type=tipo)

    async def objeto(self, funcao: str, **valores: object) -> Json:
        """Call and answer its object; the route's status applies."""
        return objeto(await chamar(self._banco, funcao, self._valores(valores)))

    async def lista(self, funcao: str, **valores: object) -> Json:
        """Call a list function and answer its page."""
        return lista(await chamar(self._banco, funcao, self._valores(valores)))


class DaSessao(Anonima):
    """Calls in the name of the bearer of a token: the first two arguments are its tenant and its secret."""

    def __init__(self, banco: Chamavel, cliente_id: UUID, sessao: str, chamador: Chamador | None = None) -> None:
        super().__init__(banco)
        self._chamador = chamador
        self._token: dict[str, object] = {"p_cliente_id": cliente_id, "p_sessao": sessao}

    @property
    def cliente_id(self) -> UUID:
        """The tenant that the token claims; proven only once a call succeeded."""
        return UUID(str(self._token["p_cliente_id"]))

    async def urgente(self, execucao: Execucao, resposta: Json) -> Json:
        """The same answer, after a worker was called to the number (`conexaoId`) that it or its message names."""
        feito = msgspec.json.decode(resposta.content, type=_DoNumero).dados
        conexao_id = feito.conexao_id or (feito.mensagem and feito.mensagem.conexao_id)
        if self._chamador and conexao_id:
            await self._chamador.chamar(execucao, self.cliente_id, conexao_id)
        return resposta

    def _valores(self, valores: dict[str, object]) -> dict[str, object]:
        return {**self._token, **valores}


def dar_chamada(request: Pedido) -> DaSessao:
    return DaSessao(request.app.state.guarda, *exigir_token(request), request.app.state.chamador)


def dar_anonima(request: Pedido) -> Anonima:
    return Anonima(request.app.state.guarda)


Chamada = NamedDependency[SkipValidation[DaSessao]]
ChamadaAnonima = NamedDependency[SkipValidation[Anonima]]


def _envelope(tipo: Any) -> type[Struct]:
    if get_origin(tipo) is Pagina:
        (item,) = get_args(tipo)
        campos: Sequence[tuple[str, Any]] = (
            ("sucesso", Literal[True]),
            ("dados", list[item]),  # type: ignore[valid-type]
            ("meta", MetaPagina),
        )
        return msgspec.defstruct(f"{item.__name__}Lista", campos)
    return msgspec.defstruct(f"{tipo.__name__}Resposta", [("sucesso", Literal[True]), ("dados", tipo)])


_envelopes: Final[dict[Any, type[Struct]]] = {}


def documento(
    funcao: str | None = None,
    *,
    tipo: Any = None,
    status: int = 200,
    resumo: str,
    publica: bool = False,
    midia: str = JSON,
    arquivo: str | None = None,
    campos: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Keyword arguments of a route decorator: its answers for OpenAPI, its status, whether it needs a token.

    The shape is that of `funcao` in CONTRATOS, or `tipo` where the edge composes the answer. `publica` lets a request
    without token in; `midia` is the only content type that its body may have (`*` = the handler looks itself).
    `arquivo`: the answer is a file of this type instead of the envelope. `campos`: what the function calls by another
    name than this route's parameters do, for the refusals that name it.
    """
    tipo = tipo or CONTRATOS[funcao or ""]
    if tipo not in _envelopes:
        _envelopes[tipo] = _envelope(tipo)
    respostas = {status: ResponseSpec(_envelopes[tipo], generate_examples=False, description="Feito")}
    if arquivo is not None:
        respostas[status] = ResponseSpec(str, generate_examples=False, description="O arquivo", media_type=arquivo)
    for codigo, texto in _DESCRICOES.items():
        respostas[codigo] = ResponseSpec(ErroEnvelope, generate_examples=False, description=texto)
    return {
        "responses": respostas,
        "status_code": status,
        "summary": resumo,
        "opt": {"publico": publica, "midia": midia, "campos": campos or {}},
        "security": [] if publica else [{"bearer": []}],
    }
