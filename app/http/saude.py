"""`GET /api/saude`: 200 while requests can be served, 503 with the reason when they cannot."""

from __future__ import annotations

import asyncio
import contextlib
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec
from litestar import get

from app.config import Config, ErroConfig
from app.erros import Erro
from app.http.comum import Json, Pedido, chamar, documento, objeto
from app.redis_vivo import responde
from app.tipos.saude import Saude, SaudeDoBanco

VERSAO: Final = "0.0.0"


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


@get("/api/saude", tags=["Saúde"], **documento(tipo=Saude, resumo="Saúde do serviço", publica=True))
async def saude(request: Pedido) -> Json:
    estado = request.app.state
    redis, banco = await asyncio.gather(
        _redis(estado.config), chamar(estado.banco, "api.saude_obter", {}), return_exceptions=True
    )
    if isinstance(banco, BaseException):
        raise Erro(503, "ZTG01", "o banco de dados não responde", detalhe=f"banco: fora; redis: {redis}", espera_s=1)
    lido = msgspec.json.decode(banco, type=SaudeDoBanco)
    situacao = Saude(
        situacao="OK" if redis is True and lido.workers else "DEGRADADO",
        banco=True,
        redis=redis is True,
        workers=lido.workers,
        migracao=lido.migracao,
        versao=versao(),
    )
    return objeto(msgspec.json.encode(situacao))
