"""``python -m app.simulador``: runs until SIGTERM or Ctrl-C. The control key comes from ``SIM_KEY``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path

import uvloop

from app.simulador.cenario import PRESETS
from app.simulador.config import ConfigSimulador
from app.simulador.servidor import servir


def _argumentos() -> argparse.Namespace:
    leitor = argparse.ArgumentParser(prog="simulador", description="Local stand-in for the messaging providers")
    leitor.add_argument("--host", default="127.0.0.1")
    leitor.add_argument("--porta-meta", type=int, default=9101)
    leitor.add_argument("--porta-uaizap", type=int, default=9102)
    leitor.add_argument("--porta-controle", type=int, default=9100)
    leitor.add_argument("--diario", type=Path, help="journal file, so the ledger survives a restart")
    leitor.add_argument("--semente", type=int, default=1)
    leitor.add_argument("--preset", choices=PRESETS)
    return leitor.parse_args()


def _config(argumentos: argparse.Namespace) -> ConfigSimulador:
    permitidos = os.environ.get("SIM_WEBHOOK_ALLOW", "127.0.0.1,::1,localhost")
    return ConfigSimulador(
        chave_controle=os.environ.get("SIM_KEY", ""),
        webhook_allow=tuple(h.strip() for h in permitidos.split(",") if h.strip()),
        **vars(argumentos),
    )


async def _rodar(config: ConfigSimulador) -> None:
    tarefa = asyncio.create_task(servir(config))
    laco = asyncio.get_running_loop()
    for sinal in (signal.SIGINT, signal.SIGTERM):
        laco.add_signal_handler(sinal, tarefa.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await tarefa


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    uvloop.run(_rodar(_config(_argumentos())))


if __name__ == "__main__":
    main()
