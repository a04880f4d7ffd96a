"""Meta's webhook: the handshake, and the intake that commits the raw event before it answers 200.

The signature covers the raw bytes and is checked before anything is parsed. Ids found in the unverified bytes only
choose which secrets to try; what was verified is the list of connections handed to the database, and the body can
speak of no other. Only an unavailable database earns a 5xx: the provider then delivers again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

import msgspec
import structlog
from litestar import MediaType, Response, get, post

from app.banco import Chamavel
from app.cifra import Cofre, InvalidTag, hash_verificacao
from app.credenciais import abrir
from app.erros import Erro
from app.http.comum import Pedido

CORPO_MAXIMO: Final = 3 * 1024 * 1024
_NUMERO: Final = re.compile(rb'"phone_number_id"\s*:\s*"([0-9]{5,30})"')
_CONTA: Final = re.compile(rb'"id"\s*:\s*"([0-9]{5,30})"')
_ASSINATURA: Final = re.compile(r"sha256=([0-9a-f]{64})")
_IDS_MAXIMO: Final = 50
# bytes hashed, at most, for a body that names none of our numbers: many secrets are tried on a small one, few on a big
_ORCAMENTO: Final = 32 * 1024 * 1024
_SEGREDOS: Final = (20, 500)
_registro = structlog.get_logger(__name__)


class _Candidata(msgspec.Struct, frozen=True, rename="camel"):
    conexao_id: UUID
    cliente_id: UUID
    credenciais: str


def _ids(padrao: re.Pattern[bytes], corpo: bytes) -> list[str]:
    achados: dict[str, None] = {}
    for achado in padrao.finditer(corpo):
        achados[achado.group(1).decode()] = None
        if len(achados) == _IDS_MAXIMO:
            break
    return list(achados)


def _conferidas(cofre: Cofre, candidatas: list[_Candidata], corpo: bytes, assinatura: str) -> list[UUID]:
    """The candidates whose secret made this signature; numbers of one app share a secret, which is tried once."""
    tentados: dict[str, bool] = {}
    certas = []
    for c in candidatas:
        try:
            segredo = abrir(cofre, base64.b64decode(c.credenciais), c.cliente_id, c.conexao_id).app_secret
        except InvalidTag:
            continue
        if not segredo:
            continue
        if segredo not in tentados:
            calculada = hmac.new(segredo.encode(), corpo, hashlib.sha256).hexdigest()
            tentados[segredo] = hmac.compare_digest(calculada, assinatura)
        if tentados[segredo]:
            certas.append(c.conexao_id)
    return certas


def _legivel(corpo: bytes) -> bool:
    try:
        return "\0" not in corpo.decode("utf-8")
    except UnicodeDecodeError:
        return False


async def _candidatas(ingresso: Chamavel, corpo: bytes) -> list[_Candidata]:
    """The connections whose secret is worth trying on this body."""
    minimo, maximo = _SEGREDOS
    return msgspec.json.decode(
        await ingresso.chamar(
            "webhook.credenciais_listar",
            {
                "p_numeros": _ids(_NUMERO, corpo),
                "p_contas": _ids(_CONTA, corpo),
                "p_limite": min(maximo, max(minimo, _ORCAMENTO // (len(corpo) + 1))),
            },
        ),
        type=list[_Candidata],
    )


async def _guardar(ingresso: Chamavel, conferidas: list[UUID], corpo: bytes) -> None:
    argumentos = {"p_conexoes": conferidas, "p_corpo": corpo, "p_legivel": _legivel(corpo)}
    try:
        partes = await ingresso.chamar("webhook.evento_receber", argumentos)
    except Erro as erro:
        if erro.status in (503, 504):
            raise
        # e.g. nested too deep for the parser: kept as it came, for a person to look at
        _registro.warning("webhook_ilegivel", sqlstate=erro.sqlstate, bytes=len(corpo))
        partes = await ingresso.chamar("webhook.evento_receber", {**argumentos, "p_legivel": False})
    if partes == b"0":
        _registro.warning("webhook_em_quarentena", bytes=len(corpo))


@get(
    "/webhooks/meta",
    media_type=MediaType.TEXT,
    tags=["Webhooks"],
    summary="Confirmar a inscrição do webhook da Meta",
    opt={"publico": True, "midia": "*"},
    security=[],
)
async def verificar(request: Pedido) -> Response[str]:
    """Echo the challenge when some connection has this verify token."""
    consulta = request.query_params
    segredo = hash_verificacao(consulta.get("hub.verify_token", ""))
    conhecida = await request.app.state.ingresso.chamar("webhook.verificacao_conferir", {"p_hash": segredo})
    if consulta.get("hub.mode") != "subscribe" or conhecida != b"true":
        raise Erro(403, "ZPW01", "token de verificação não confere")
    return Response(consulta.get("hub.challenge", ""), media_type=MediaType.TEXT)


@post(
    "/webhooks/meta",
    media_type=MediaType.JSON,
    status_code=200,
    request_max_body_size=CORPO_MAXIMO,
    tags=["Webhooks"],
    summary="Receber eventos da Meta",
    opt={"publico": True, "midia": "*"},
    security=[],
)
async def receber(request: Pedido) -> Response[bytes]:
    """Verify, store, answer. Processing is the worker's."""
    corpo = await request.body()
    ingresso, cofre = request.app.state.ingresso, request.app.state.cofre
    assinatura = _ASSINATURA.fullmatch(request.headers.get("x-hub-signature-256", ""))
    if assinatura is None:
        raise Erro(401, "ZAW01", "assinatura ausente ou inválida")
    conferidas = _conferidas(cofre, await _candidatas(ingresso, corpo), corpo, assinatura.group(1))
    if not conferidas:
        raise Erro(401, "ZAW01", "assinatura ausente ou inválida")
    await _guardar(ingresso, conferidas, corpo)
    return Response(b'{"sucesso":true}', media_type=MediaType.JSON)
