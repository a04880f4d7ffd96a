"""What surrounds every request: security headers, one log line, the latency histogram.

A subclass rather than a middleware: Litestar's middlewares do not see what its router refuses (404, 405).
"""

from __future__ import annotations

import time
import uuid
from typing import Any, Final

import structlog
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from app.http.metricas import LATENCIA

_registro = structlog.get_logger("app.http")
_SEGURANCA: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), payment=(), usb=(), microphone=()"),
)
# over plain HTTP it would lock out whoever tries the product on a machine of their own
_SO_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
# probes call these every few seconds: they are measured but would drown the log
_CALADAS: Final = frozenset({"/api/saude", "/metrics"})


class Aplicacao(Litestar):
    """Litestar with our edge around it."""

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        if scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
            return
        inicio = time.perf_counter()
        identificador = uuid.uuid4().hex
        status = 500

        async def enviar(mensagem: Message) -> None:
            nonlocal status
            if mensagem["type"] == "http.response.start":
                status = mensagem["status"]
                presentes = {nome.lower() for nome, _ in mensagem["headers"]}
                mensagem["headers"] = [
                    *mensagem["headers"],
                    *((nome, valor) for nome, valor in _SEGURANCA if nome not in presentes),
                    *([_SO_HTTPS] if scope.get("scheme") == "https" else []),
                    (b"x-request-id", identificador.encode()),
                ]
            await send(mensagem)  # type: ignore[arg-type]

        with structlog.contextvars.bound_contextvars(pedido=identificador):
            try:
                await super().__call__(scope, receive, enviar)
            finally:
                self._anotar(scope, status, time.perf_counter() - inicio)

    def _anotar(self, scope: Any, status: int, duracao_s: float) -> None:
        # the template, not the path: one series per route, and no value of a person in the log
        rota = scope.get("path_template") or "desconhecida"
        LATENCIA.labels(scope["method"] if rota != "desconhecida" else "-", rota, str(status)).observe(duracao_s)
        if rota not in _CALADAS:
            _registro.info("pedido", metodo=scope["method"], rota=rota, status=status, ms=round(duracao_s * 1000, 1))
