"""Bodies decoded strictly, and what is wrong with a request said in pt-BR with the name of the field.

Litestar's own decoding is lax (`"5"` passes for 5) and its messages are English; the contract is neither.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, Final

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from app.erros import Erro

_CAMINHO: Final = re.compile(r" - at `(?:key in )?\$\.?(.*?)`$")
_NOME_NO_TEXTO: Final = re.compile(r"field `([^`]+)`|parameter '([^']+)'")
_PALAVRA: Final = re.compile(r"_([a-z])")
_CABECALHOS: Final = {"chave": "Idempotency-Key"}
_TIPOS: Final = {
    "str": "texto",
    "int": "número inteiro",
    "float": "número",
    "bool": "verdadeiro ou falso",
    "array": "lista",
    "object": "objeto",
    "null": "nulo",
    "uuid": "identificador",
    "datetime": "data e hora",
}
_FRASES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(padrao), frase)
    for padrao, frase in (
        (r"missing required field|Missing required", "campo obrigatório"),
        (r"contains unknown field", "campo desconhecido"),
        (r"of length >= (\d+)", "tamanho mínimo: {0}"),
        (r"of length <= (\d+)", "tamanho máximo: {0}"),
        (r"Expected `[^`]+` >=? ([-\d.]+)", "valor mínimo: {0}"),
        (r"Expected `[^`]+` <=? ([-\d.]+)", "valor máximo: {0}"),
        (r"matching regex", "formato inválido"),
        (r"Invalid UUID", "identificador inválido"),
        (r"Invalid RFC3339|Invalid (?:date|time)|timezone", "data e hora inválidas: use o formato ISO 8601 com fuso"),
        (r"Invalid (?:enum )?value", "valor fora da lista aceita"),
        (r"Expected `([^`]+)`", "tipo inválido: esperado {0}"),
    )
)


def _frase(mensagem: str) -> str:
    for padrao, frase in _FRASES:
        if achado := padrao.search(mensagem):
            nomes = [" ou ".join(_TIPOS.get(t.strip(), t.strip()) for t in g.split("|")) for g in achado.groups()]
            return frase.format(*nomes)
    return "valor inválido"


def malformado(mensagem: str, campo: str | None) -> Erro:
    """The refusal of one malformed value; `mensagem` is what msgspec or Litestar said."""
    return Erro(400, "ZRG03", _frase(mensagem), campo=campo)


def da_msgspec(erro: msgspec.ValidationError) -> Erro:
    """The refusal of a body that does not fit its Struct."""
    texto = str(erro)
    caminho = achado.group(1) if (achado := _CAMINHO.search(texto)) else ""
    if achado := _NOME_NO_TEXTO.search(texto):
        caminho = f"{caminho}.{achado.group(1)}".lstrip(".")
    return malformado(texto, caminho or None)


def _parametro(nome: str) -> str | None:
    """What the request calls an argument of a handler."""
    return _CABECALHOS.get(nome) or _PALAVRA.sub(lambda achado: achado.group(1).upper(), nome) or None


def do_litestar(erro: HTTPException) -> Erro:
    """The refusal of a request that Litestar could not turn into arguments."""
    extra: Any = erro.extra if isinstance(erro, ValidationException) else None
    primeiro = extra[0] if isinstance(extra, list) and extra else {}
    campo = _parametro(str(primeiro.get("key", "")))
    if campo == "data":
        return Erro(400, "ZRG03", "o pedido precisa de um corpo JSON")
    if campo is None and (achado := _NOME_NO_TEXTO.search(erro.detail)):
        campo = achado.group(2)
    if campo is None:
        return Erro(400, "ZRG03", "há um dado malformado no pedido")
    return malformado(str(primeiro.get("message") or erro.detail), campo)


class CorpoEstrito(AbstractDTO[Any]):
    """How every `data` argument is decoded: by msgspec, strictly, straight from the bytes to its Struct."""

    _decodificadores: Final[dict[str, msgspec.json.Decoder[Any]]] = {}

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        cls._decodificadores[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        return False

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        return False

    def decode_bytes(self, value: bytes) -> Any:
        try:
            return self._decodificadores[self.asgi_connection.route_handler.handler_id].decode(value)
        except msgspec.ValidationError as erro:
            raise da_msgspec(erro) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Erro(400, "ZRG03", "o corpo não é um JSON válido") from None
