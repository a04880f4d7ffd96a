"""Graph errors: the table of codes and the body the provider answers with."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class LinhaErro(NamedTuple):
    http: int
    titulo: str
    tipo: str = "OAuthException"


ERROS: dict[int, LinhaErro] = {
    1: LinhaErro(400, "An unknown error occurred"),
    2: LinhaErro(503, "Service temporarily unavailable"),
    4: LinhaErro(400, "Application request limit reached"),
    10: LinhaErro(403, "Application does not have permission for this action"),
    17: LinhaErro(400, "User request limit reached"),
    100: LinhaErro(400, "Invalid parameter"),
    104: LinhaErro(401, "An access token is required to request this resource."),
    190: LinhaErro(401, "Error validating access token"),
    368: LinhaErro(403, "Temporarily blocked for policies violations"),
    2500: LinhaErro(400, "Unknown path components or unsupported version"),
    80007: LinhaErro(400, "Rate limit issues"),
    130429: LinhaErro(400, "Rate limit hit"),
    130472: LinhaErro(400, "User's number is part of an experiment"),
    130497: LinhaErro(403, "Business account is restricted from messaging users in this country"),
    131000: LinhaErro(500, "Something went wrong"),
    131008: LinhaErro(400, "Required parameter is missing"),
    131009: LinhaErro(400, "Parameter value is not valid"),
    131016: LinhaErro(500, "Service unavailable"),
    131021: LinhaErro(400, "Recipient cannot be sender"),
    131026: LinhaErro(400, "Message undeliverable"),
    131030: LinhaErro(400, "Recipient phone number not in allowed list"),
    131031: LinhaErro(403, "Account has been locked"),
    131037: LinhaErro(400, "Display name approval is needed before a message can be sent"),
    131042: LinhaErro(400, "Business eligibility payment issue"),
    131047: LinhaErro(400, "Re-engagement message"),
    131048: LinhaErro(400, "Spam rate limit hit"),
    131049: LinhaErro(400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: LinhaErro(400, "User has stopped marketing messages from this business"),
    131051: LinhaErro(400, "Unsupported message type"),
    131052: LinhaErro(400, "Media download error"),
    131053: LinhaErro(400, "Media upload error"),
    131056: LinhaErro(400, "Business and consumer pair rate limit hit"),
    131057: LinhaErro(500, "Account in maintenance mode"),
    131062: LinhaErro(400, "Business-scoped recipients are not supported for this message"),
    131063: LinhaErro(400, "Marketing templates are disabled on this account"),
    132000: LinhaErro(400, "Number of parameters does not match the expected number of params"),
    132001: LinhaErro(404, "Template name does not exist in the translation"),
    132005: LinhaErro(400, "Translated text too long"),
    132012: LinhaErro(400, "Parameter format does not match format in the created template"),
    132015: LinhaErro(400, "Template is paused"),
    132016: LinhaErro(400, "Template is disabled"),
    133005: LinhaErro(400, "Two step verification PIN mismatch"),
    133010: LinhaErro(400, "Phone number not registered"),
    133016: LinhaErro(400, "Account register deregister rate limit exceeded"),
    134100: LinhaErro(400, "Only marketing messages are supported"),
    136025: LinhaErro(400, "Code verification failed"),
}
# A code a scenario invents must still be answered with a well-formed body.
_DESCONHECIDO = LinhaErro(400, "Error")
LIMITES = frozenset({4, 17, 80007, 130429, 131056})
_TRANSITORIOS = frozenset({1, 2, 4, 17, 80007, 130429, 131016, 131057})


class Negado(Exception):
    """A stage refused the request."""

    def __init__(self, codigo: int, detalhe: str = "", *, subcodigo: int | None = None, tipo: str = "") -> None:
        super().__init__(codigo, detalhe)
        self.codigo = codigo
        self.detalhe = detalhe
        self.subcodigo = subcodigo
        self.tipo = tipo


def inexistente() -> Negado:
    """The same words for "unknown" and "not yours", so an outsider learns nothing."""
    return Negado(
        100,
        "Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
        subcodigo=33,
        tipo="GraphMethodException",
    )


def linha(codigo: int) -> LinhaErro:
    return ERROS.get(codigo, _DESCONHECIDO)


def corpo_erro(erro: Negado, fbtrace: str, *, transitorio: bool) -> bytes:
    """The bytes of an error answer; ``transitorio`` says whether the flag is emitted at all."""
    entrada = linha(erro.codigo)
    corpo: dict[str, object] = {
        "message": f"(#{erro.codigo}) {entrada.titulo}",
        "type": erro.tipo or entrada.tipo,
        "code": erro.codigo,
    }
    if erro.subcodigo is not None:
        corpo["error_subcode"] = erro.subcodigo
    if transitorio and erro.codigo in _TRANSITORIOS:
        corpo["is_transient"] = True
    corpo["error_data"] = {"messaging_product": "whatsapp", "details": erro.detalhe or entrada.titulo}
    corpo["fbtrace_id"] = fbtrace
    return msgspec.json.encode({"error": corpo})


def erro_de_status(codigo: int) -> dict[str, object]:
    """The same failure as it appears inside a ``failed`` status."""
    titulo = linha(codigo).titulo
    return {
        "code": codigo,
        "title": titulo,
        "message": titulo,
        "error_data": {"details": titulo + "."},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }
