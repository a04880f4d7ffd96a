"""The HTTP server around the application, and how it stops: streams first, at once, then what is in flight."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Final

import uvicorn
from litestar import Litestar

from app.config import Config

# what is in flight has this long; only a stream whose client stopped reading still needs it
PRAZO_S: Final = 4
_NAO_INICIOU: Final = 3


class Servidor(uvicorn.Server):
    """uvicorn waits for open answers, and a stream of events never ends by itself."""

    def __init__(self, ajustes: uvicorn.Config, aplicacao: Litestar) -> None:
        super().__init__(ajustes)
        self._aplicacao = aplicacao

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._aplicacao.state.central.encerrar_de_um_sinal()
        super().handle_exit(sig, frame)


def servir(aplicacao: Litestar, config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    ajustes = uvicorn.Config(
        aplicacao,
        host=config.host,
        port=config.porta,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # From anybody else, X-Forwarded-For would let a client choose the address that lockout and audit see.
        proxy_headers=config.proxies_confiaveis is not None,
        forwarded_allow_ips=config.proxies_confiaveis,
        timeout_graceful_shutdown=PRAZO_S,
    )
    servidor = Servidor(ajustes, aplicacao)
    servidor.run()
    if not servidor.started:
        sys.exit(_NAO_INICIOU)
