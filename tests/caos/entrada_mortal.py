"""An API or a worker that dies at one step of intake: `python -m tests.caos.entrada_mortal PONTO VEZ`.

`os._exit` runs no handler and flushes nothing; for the database and the provider it is a SIGKILL. The environment is
that of the product.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Final

from app import cli
from app.banco import Banco
from app.worker import interno

MORTO: Final = 137
GUARDAR: Final = ("webhook.evento_receber", "webhook.instancia_evento_receber")
PEGAR: Final = ("worker.interno_executar",)
# which process, which calls, and when about them: storing is one transaction; claiming, processing and settling another
PONTOS: Final = {
    "antes_de_guardar": ("api", GUARDAR, "antes"),
    "ao_guardar": ("api", GUARDAR, "durante"),
    "depois_de_guardar": ("api", GUARDAR, "depois"),
    "antes_de_pegar": ("worker", PEGAR, "antes"),
    "ao_processar": ("worker", PEGAR, "durante"),
    "depois_de_assentar": ("worker", PEGAR, "depois"),
}


def armar(ponto: str, vez: int) -> str:
    """Wrap the one way to the database; which command to run."""
    processo, funcoes, quando = PONTOS[ponto]
    original = Banco.chamar
    passagens = 0

    async def chamar(self: Banco, funcao: str, argumentos: Mapping[str, object]) -> bytes:
        nonlocal passagens
        chegou = False
        if funcao in funcoes:
            passagens += 1
            chegou = passagens == vez
        if chegou and quando == "antes":
            os._exit(MORTO)
        if chegou and quando == "durante":
            asyncio.get_running_loop().call_later(0.002, os._exit, MORTO)
        resposta = await original(self, funcao, argumentos)
        if chegou and quando != "antes":
            os._exit(MORTO)
        return resposta

    Banco.chamar = chamar  # type: ignore[method-assign]
    return processo


if __name__ == "__main__":
    # small batches: there is a second one, and a fifth
    interno.LOTE = 4  # type: ignore[misc]
    comando = armar(sys.argv[1], int(sys.argv[2]))
    sys.argv = ["balcao", comando]
    cli.balcao()
