"""A worker with one rule broken, for the negative controls: `python -m tests.caos.worker_alterado VARIANTE`.

The broken rules are those of the designs that we rejected; `test_controles.py` demands that the judge convicts each.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import msgspec
import uvloop

from app.config import carregar
from app.limitador import Limitador, Numero, Permissao
from app.provedores.envio import Resultado
from app.provedores.meta import Meta
from app.worker import laco

JANELA_S: Final = 1.0


def duvida_e_nao_saiu() -> None:
    """A 5xx, a time-out or a reset counts as 'not sent', so it is sent again."""
    original = Meta.enviar

    async def enviar(self: Meta, *argumentos: Any) -> Any:
        resultado = await original(self, *argumentos)
        if resultado.desfecho == "AMBIGUO" or (resultado.http or 0) >= 500:
            return type(resultado)("NAO_ENVIADO", detalhe="duvida", sem_resposta=resultado.sem_resposta)
        return msgspec.structs.replace(resultado)

    Meta.enviar = enviar  # type: ignore[method-assign,assignment]


def reconcilia(janela_s: float) -> Callable[[], None]:
    """What is in doubt waits for the provider's word for `janela_s`, then is sent again unless that word came."""

    def alterar() -> None:
        original = Meta.enviar

        async def enviar(self: Meta, *argumentos: Any) -> Any:
            resultado = await original(self, *argumentos)
            if resultado.desfecho == "AMBIGUO" or (resultado.http or 0) >= 500:
                await asyncio.sleep(janela_s)
                return type(resultado)("NAO_ENVIADO", detalhe="ninguém disse nada", sem_resposta=True)
            return resultado

        Meta.enviar = enviar  # type: ignore[method-assign,assignment]

    return alterar


def janela_fixa() -> None:
    """Each process counts 80 per second of its own clock."""
    contagens: dict[Any, deque[float]] = {}

    def esperar(numero: Numero, quantos: int) -> float:
        janela = int(monotonic() / JANELA_S)
        dados = contagens.setdefault(numero.chave, deque())
        while dados and dados[0] < janela:
            dados.popleft()
        if len(dados) >= numero.teto:
            return (janela + 1) * JANELA_S - monotonic()
        dados.extend([janela] * quantos)
        return 0.0

    permitir(esperar)


def permitir(esperar: Callable[[Numero, int], float]) -> None:
    """A limiter that only asks `esperar` how long until so many more may go."""

    async def reservar(_: Limitador, numero: Numero, quantos: int, antecedencia_s: float = 0.015) -> list[Permissao]:
        while (espera := esperar(numero, quantos)) > 0:
            await asyncio.sleep(espera)
        agora = monotonic()
        # a permit of the same epoch, always open
        return [Permissao(numero, "", 0, agora, agora + 60) for _ in range(quantos)]

    async def entrar(_: Limitador, permissao: Permissao) -> bool:
        permissao.entrou = monotonic()
        return True

    async def sair(*_: Any) -> None:
        return

    Limitador.reservar = reservar  # type: ignore[method-assign]
    Limitador.entrar = entrar  # type: ignore[method-assign,assignment]
    Limitador.sair = sair  # type: ignore[method-assign,assignment]


def sem_provedor() -> None:
    """Every message is accepted at once by nobody, at no pace: what remains is the worker and the database."""

    async def enviar(_: Meta, *__: Any) -> Any:
        return Resultado("ACEITO", id_externo=f"wamid.{secrets.token_hex(16)}")

    Meta.enviar = enviar  # type: ignore[method-assign,assignment]
    permitir(lambda *_: 0.0)


VARIANTES: Final = {
    "duvida_e_nao_saiu": duvida_e_nao_saiu,
    # webhooks come up to 2 s late and the queue of them is served in turns
    "reconcilia_cedo": reconcilia(0.3),
    "reconcilia_tarde": reconcilia(8.0),
    "janela_fixa": janela_fixa,
    "sem_provedor": sem_provedor,
}

if __name__ == "__main__":
    VARIANTES[sys.argv[1]]()
    uvloop.run(laco.executar(carregar()))
