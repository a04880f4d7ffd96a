"""The PostgreSQL authority: the same reservation on a row, for when Redis is out of reach.

It needs no token calls: the database counts the rows of `fila` whose intent is committed, and a permit cannot be
used without such a row.
"""

from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from app.limitador.modelo import VALIDADE_S, Autoridade, AutoridadeBanco, Concessao, Numero, Permissao

if TYPE_CHECKING:
    from app.banco import Chamavel


class Limite(msgspec.Struct, rename="camel"):
    epoca: int
    autoridade: Autoridade
    teto: int
    em_voo: int
    teto_numero: int = 0
    entrada_por_segundo: int = 0


class Reserva(Limite, kw_only=True):
    vagas_ms: list[float]
    espera_ms: float
    concorrencia: int
    reservatorio: int
    ritmo: int


class EpocaVencida(Exception):
    """Another process has moved the number to a newer epoch."""

    def __init__(self, limite: Limite) -> None:
        super().__init__(f"the epoch is {limite.epoca} of {limite.autoridade}")
        self.limite = limite


_ler_limite = msgspec.json.Decoder(Limite).decode
_ler_reserva = msgspec.json.Decoder(Reserva).decode


class FuncoesDoBanco:
    """`AutoridadeBanco` over the database functions."""

    def __init__(self, banco: "Chamavel") -> None:
        self._banco = banco

    async def limite_obter(self, cliente_id: UUID, conexao_id: UUID) -> bytes:
        return await self._banco.chamar("worker.limite_obter", {"p_cliente_id": cliente_id, "p_conexao_id": conexao_id})

    async def limite_assumir(self, cliente_id: UUID, conexao_id: UUID, epoca: int, autoridade: str) -> bytes:
        return await self._banco.chamar(
            "worker.limite_assumir",
            {"p_cliente_id": cliente_id, "p_conexao_id": conexao_id, "p_epoca": epoca, "p_autoridade": autoridade},
        )

    async def limite_reservar(
        self, cliente_id: UUID, conexao_id: UUID, epoca: int, quantos: int, antecedencia_ms: int
    ) -> bytes:
        return await self._banco.chamar(
            "worker.limite_reservar",
            {
                "p_cliente_id": cliente_id,
                "p_conexao_id": conexao_id,
                "p_epoca": epoca,
                "p_quantos": quantos,
                "p_antecedencia_ms": antecedencia_ms,
            },
        )

    async def limite_recuar(self, cliente_id: UUID, conexao_id: UUID, fator_pct: int) -> bytes:
        return await self._banco.chamar(
            "worker.limite_recuar",
            {"p_cliente_id": cliente_id, "p_conexao_id": conexao_id, "p_fator_pct": fator_pct},
        )


class NoBanco:
    def __init__(self, banco: AutoridadeBanco) -> None:
        self._banco = banco

    async def obter(self, numero: Numero) -> Limite:
        return _ler_limite(await self._banco.limite_obter(numero.cliente_id, numero.conexao_id))

    async def assumir(self, numero: Numero, autoridade: Autoridade) -> Limite:
        """Compare-and-set of the epoch; whoever wins, the answer is what holds now."""
        return _ler_limite(
            await self._banco.limite_assumir(numero.cliente_id, numero.conexao_id, numero.epoca, autoridade.value)
        )

    async def recuar(self, numero: Numero, fator: float) -> Limite:
        """Lower the number's ceiling for everybody, at most once per second; the answer is what holds now."""
        return _ler_limite(await self._banco.limite_recuar(numero.cliente_id, numero.conexao_id, round(fator * 100)))

    async def reservar(self, numero: Numero, quantos: int, antecedencia_s: float) -> Concessao:
        pedido = monotonic()
        reserva = _ler_reserva(
            await self._banco.limite_reservar(
                numero.cliente_id, numero.conexao_id, numero.epoca, quantos, round(antecedencia_s * 1e3)
            )
        )
        resposta = monotonic()
        if reserva.epoca != numero.epoca:
            raise EpocaVencida(reserva)
        return Concessao(
            [
                Permissao(
                    numero,
                    ficha="",
                    vaga=0,
                    abre=resposta + ms / 1e3,
                    fecha=pedido + ms / 1e3 + VALIDADE_S,
                )
                for ms in reserva.vagas_ms
            ],
            espera_s=reserva.espera_ms / 1e3,
            concorrencia=reserva.concorrencia,
            em_voo=reserva.em_voo,
            reservatorio=reserva.reservatorio,
            ritmo=float(reserva.ritmo),
        )
