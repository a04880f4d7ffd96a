"""`GET /api/saude`: 200 while requests can be served, 503 with the reason when they cannot."""

from __future__ import annotations

import asyncio
import contextlib
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec
import structlog
from litestar import get

from app.config import Config, ErroConfig
from app.erros import Erro
from app.http.comum import Json, Pedido, chamar, documento, objeto
from app.redis_vivo import responde
from app.tipos.saude import Saude, SaudeDoBanco

VERSAO: Final = "0.0.0"
# dead rows of the queue pile up behind an open snapshot: at 69 jobs a second a minute of them is felt in each claim
INSTANTANEO_S: Final = 60.0
_registro = structlog.get_logger(__name__)


def versao() -> str:
    """The version of the installed package."""
    with contextlib.suppress(PackageNotFoundError):
        return version("balcao")
    return VERSAO


async def _redis(config: Config) -> bool:
    try:
        return await responde(config.url_redis)
    except ErroConfig:
        return False


def _avisos(lido: SaudeDoBanco) -> list[str]:
    idade = lido.instantaneo_idade_s
    if idade is None or idade <= INSTANTANEO_S:
        return []
    _registro.warning("instantaneo_antigo", idade_s=round(idade))
    return [f"uma transação está aberta no banco há {idade:.0f} s: enquanto durar, a fila fica mais lenta"]


@get("/api/saude", tags=["Saúde"], **documento(tipo=Saude, resumo="Saúde do serviço", publica=True))
async def saude(request: Pedido) -> Json:
    estado = request.app.state
    redis, banco = await asyncio.gather(
        _redis(estado.config), chamar(estado.banco, "api.saude_obter", {}), return_exceptions=True
    )
    if isinstance(banco, BaseException):
        raise Erro(503, "ZTG01", "o banco de dados não responde", detalhe=f"banco: fora; redis: {redis}", espera_s=1)
    lido = msgspec.json.decode(banco, type=SaudeDoBanco)
    avisos = _avisos(lido)
    situacao = Saude(
        situacao="OK" if redis is True and lido.workers and not avisos else "DEGRADADO",
        banco=True,
        redis=redis is True,
        workers=lido.workers,
        migracao=lido.migracao,
        versao=versao(),
        avisos=avisos,
    )
    return objeto(msgspec.json.encode(situacao))
