"""UaiZap's webhook: nothing is signed, so the address itself is the secret, and the body must bring the device's token.

Both are compared in constant time. The token, and what pairs a device, are taken out before anything is stored.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from litestar import MediaType, Response, post
from litestar.params import FromPath

from app.cifra import Cofre, InvalidTag, hash_verificacao
from app.credenciais import abrir_uaizap
from app.erros import Erro
from app.http.comum import Pedido

CORPO_MAXIMO: Final = 2 * 1024 * 1024
# never stored: the key of the device, and what would pair it
_SEGREDOS: Final = frozenset({"token", "qrcode", "paircode"})
_SEGREDO_CRU: Final = re.compile(rb'("(?:token|qrcode|paircode)"\s*:\s*")[^"]*')
_registro = structlog.get_logger(__name__)


class _Instancia(msgspec.Struct, frozen=True, rename="camel"):
    cliente_id: UUID
    credenciais: str
    segredos: list[str]


def _conferida(achada: bytes, segredo: str) -> _Instancia:
    """The connection of the address, if this is its secret. Somebody unknown costs the same and is told the same."""
    instancia = msgspec.json.decode(achada, type=_Instancia | None)
    calculado = hash_verificacao(segredo).hex()
    iguais = [hmac.compare_digest(calculado, um) for um in (instancia.segredos if instancia else ["0" * 64])]
    if instancia is None or not any(iguais):
        raise _estranho()
    return instancia


def _token(cofre: Cofre, instancia: _Instancia, conexao_id: UUID) -> str:
    try:
        selado = base64.b64decode(instancia.credenciais)
        return abrir_uaizap(cofre, selado, instancia.cliente_id, conexao_id).token
    except InvalidTag:
        raise _estranho() from None


def _ler(corpo: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(corpo, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _limpo(cofre: Cofre, instancia: _Instancia, conexao_id: UUID, corpo: bytes) -> tuple[bytes, bool]:
    """The body as it may be stored, and whether it can be read. Raises Erro when it lacks the device's token."""
    dados = _ler(corpo)
    if dados is None:
        return _SEGREDO_CRU.sub(rb"\1", corpo), False
    token = _token(cofre, instancia, conexao_id)
    if not hmac.compare_digest(str(dados.get("token", "")).encode(), token.encode()):
        # the address is known to somebody who has not the token: a person should look
        _registro.error("webhook_uaizap_token_errado", conexao=str(conexao_id), bytes=len(corpo))
        raise _estranho()
    limpo = {chave: valor for chave, valor in dados.items() if chave not in _SEGREDOS}
    if isinstance(limpo.get("instance"), dict):
        limpo["instance"] = {k: v for k, v in limpo["instance"].items() if k not in _SEGREDOS}
    return msgspec.json.encode(limpo), True


def _estranho() -> Erro:
    return Erro(401, "ZAW02", "este webhook não é desta conexão")


@post(
    "/webhooks/uaizap/{conexao:uuid}/{segredo:str}",
    media_type=MediaType.JSON,
    status_code=200,
    request_max_body_size=CORPO_MAXIMO,
    tags=["Webhooks"],
    summary="Receber eventos de um aparelho UaiZap",
    opt={"publico": True, "midia": "*"},
    security=[],
)
async def receber(conexao: FromPath[UUID], segredo: FromPath[str], request: Pedido) -> Response[bytes]:
    """Verify, store, answer. Processing is the worker's."""
    ingresso, cofre = request.app.state.ingresso, request.app.state.cofre
    instancia = _conferida(await ingresso.chamar("webhook.instancia_obter", {"p_conexao_id": conexao}), segredo)
    guardado, legivel = _limpo(cofre, instancia, conexao, await request.body())
    await ingresso.chamar(
        "webhook.instancia_evento_receber",
        {
            "p_cliente_id": instancia.cliente_id,
            "p_conexao_id": conexao,
            "p_corpo": guardado,
            "p_legivel": legivel,
        },
    )
    return Response(b'{"sucesso":true}', media_type=MediaType.JSON)
