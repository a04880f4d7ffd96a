"""`/metrics`: latency by route, the pools, and whatever the rest of the process registers."""

from __future__ import annotations

import contextlib
import ipaddress
from typing import Any, Final

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, Histogram, generate_latest

from app.banco import Banco
from app.erros import Erro
from app.http.comum import Pedido

LATENCIA: Final = Histogram(
    "balcao_http_segundos",
    "Duração de pedidos HTTP",
    ["metodo", "rota", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
_POOL: Final = Gauge("balcao_pool", "Contadores dos pools de conexões", ["papel", "medida"])
_NUMERO: Final = Gauge("balcao_limitador_numero", "Ritmo de um número", ["processo", "conexao", "medida"])
_ESPERAM: Final = Gauge("balcao_esperam_pessoa", "Envios sem confirmação e itens da fila morta em aberto", ["medida"])
_INSTANTANEO: Final = Gauge("balcao_banco_xmin_idade_s", "Idade da transação aberta mais velha; acima de 60, aja")
_ATRASO: Final = Gauge("balcao_limitador_atraso_ms", "Atraso ao acordar para uma vaga", ["processo", "medida"])


class _Processo(msgspec.Struct):
    processo: str
    metricas: dict[str, Any]


def _expor_limitador(processos: list[_Processo]) -> None:
    """Workers report through the database, so one scrape of one API process sees them all."""
    _NUMERO.clear()
    _ATRASO.clear()
    for processo in processos:
        for medida, valor in processo.metricas.get("atraso", {}).items():
            _ATRASO.labels(processo.processo, medida).set(valor)
        for medida, valor in processo.metricas.get("esperam", {}).items():
            _ESPERAM.labels(medida).set(valor)
        if (idade := processo.metricas.get("instantaneoIdadeS")) is not None:
            _INSTANTANEO.set(idade)
        for numero in processo.metricas.get("numeros", []):
            for medida, valor in numero.items():
                if isinstance(valor, int | float):
                    _NUMERO.labels(processo.processo, numero["conexao_id"], medida).set(valor)


def _de_dentro(pedido: Pedido) -> bool:
    """Whether the scraper is on this machine or network and did not come through a proxy that faces the world."""
    if pedido.client is None or "x-forwarded-for" in pedido.headers or "forwarded" in pedido.headers:
        return False
    try:
        endereco = ipaddress.ip_address(pedido.client.host)
    except ValueError:
        return False
    return endereco.is_loopback or endereco.is_private


@get("/metrics", include_in_schema=False, opt={"publico": True})
async def metricas(request: Pedido) -> Response[bytes]:
    if not _de_dentro(request):
        raise NotFoundException
    pools: dict[str, Banco] = {"crm_api": request.app.state.banco, "crm_ingresso": request.app.state.ingresso}
    for papel, banco in pools.items():
        for medida, valor in banco.estado().items():
            _POOL.labels(papel, medida).set(valor)
    with contextlib.suppress(Erro):  # without the database, what this process knows is still worth a scrape
        _expor_limitador(
            msgspec.json.decode(await request.app.state.banco.chamar("api.metricas_obter", {}), type=list[_Processo])
        )
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
