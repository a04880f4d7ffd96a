"""The Redis authority: one script, one atomic call per decision (see limitador.lua for the bound)."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from redis.asyncio import Redis

from app.limitador.modelo import VALIDADE_S, Concessao, Numero, Permissao

ROTEIRO = (Path(__file__).parent / "limitador.lua").read_text()

DERIVA_US = 300  # what the clocks may drift apart between two calls that agreed
ENTROU, CHEIO, FORA_DA_VAGA, ESTADO_PERDIDO = 1, 0, -1, -2


Devolucao = tuple[str, int]
"""A token that goes back ('' leaves it out) and the latency that its request had, in microseconds."""


def _planos(devolucoes: Iterable[Devolucao]) -> Iterator[str | float]:
    for devolucao in devolucoes:
        yield from devolucao


class Relogio:
    """How far the server's clock is from this process's monotonic one, as an interval that calls narrow.

    At the reply of a call that answered `agora`, the server's time lies between `agora` and `agora` plus the time the
    call took. Every call says so independently, so the intersection holds, and a slow call costs its permits nothing.
    Starts over after RENOVA_S (clocks drift) and when two calls disagree (a clock stepped).
    """

    RENOVA_S = 5.0

    def __init__(self) -> None:
        self._desde = float("-inf")
        self._menor = self._maior = 0.0

    def observar(self, agora_us: int, pedido: float, resposta: float) -> tuple[float, float]:
        """Take one call in; returns the least and the greatest server time minus monotonic time, in µs."""
        menor, maior = agora_us - resposta * 1e6, agora_us - pedido * 1e6
        juntos = max(menor, self._menor), min(maior, self._maior)
        if resposta - self._desde > self.RENOVA_S or juntos[0] > juntos[1]:
            self._desde, juntos = resposta, (menor, maior)
        self._menor, self._maior = juntos
        return juntos


class NoRedis:
    def __init__(self, redis: Redis, processo: str, posse_s: float, prazo_s: float) -> None:
        self._redis = redis
        self._roteiro = redis.register_script(ROTEIRO)
        self._processo = processo
        self._posse_us = round(posse_s * 1e6)
        self._prazo_s = prazo_s
        self._relogio = Relogio()

    async def _chamar(self, numero: Numero, operacao: str, *argumentos: str | float) -> Any:
        # The braces keep both keys on one shard; the epoch makes a return from the database a cold start.
        base = f"limite:{{{numero.cliente_id}:{numero.conexao_id}}}:{numero.epoca}"
        async with asyncio.timeout(self._prazo_s):
            return await self._roteiro(keys=[base, base + ":voo"], args=[operacao, numero.teto, *argumentos])

    async def reservar(
        self, numero: Numero, quantos: int, antecedencia_s: float, invisiveis: int | None = None
    ) -> Concessao:
        """`invisiveis`: how many requests may be in flight that no state knows; None = ask for it if it matters."""
        pedido = monotonic()
        agora, espera, sinais, concorrencia, em_voo, resta, ritmo, latencia, *vagas = await self._chamar(
            numero,
            "reservar",
            quantos,
            round(antecedencia_s * 1e6),
            self._posse_us,
            "" if invisiveis is None else invisiveis,
        )
        menor, maior = self._relogio.observar(agora, pedido, monotonic())
        return Concessao(
            [
                Permissao(
                    numero,
                    ficha=f"{vaga}:{self._processo}",
                    vaga=vaga,
                    abre=(vaga - menor + DERIVA_US) / 1e6,
                    fecha=(vaga - maior) / 1e6 + VALIDADE_S,
                )
                for vaga in vagas
            ],
            espera_s=espera / 1e6,
            esgotou=bool(sinais & 1),
            nasceu=bool(sinais & 2),
            sem_estado=bool(sinais & 4),
            concorrencia=concorrencia,
            em_voo=em_voo,
            reservatorio=resta,
            ritmo=ritmo / 1e3,
            latencia_s=latencia / 1e6,
        )

    async def entrar(self, permissao: Permissao, devolucoes: Iterable[Devolucao]) -> int:
        return int(
            await self._chamar(permissao.numero, "entrar", permissao.vaga, permissao.ficha, *_planos(devolucoes))
        )

    async def sair(self, numero: Numero, devolucoes: Iterable[Devolucao]) -> None:
        await self._chamar(numero, "sair", *_planos(devolucoes))

    async def pulsar(self, numero: Numero, fichas: Iterable[str]) -> None:
        await self._chamar(numero, "pulsar", *fichas)

    async def recuar(self, numero: Numero, fator: float) -> bool:
        return bool(await self._chamar(numero, "recuar", fator))

    async def vivo(self) -> bool:
        async with asyncio.timeout(self._prazo_s):
            return bool(await self._redis.ping())

    async def politica_de_despejo(self) -> str:
        async with asyncio.timeout(self._prazo_s):
            return str((await self._redis.info("memory")).get("maxmemory_policy", "?"))
