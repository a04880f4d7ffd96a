"""The PostgreSQL authority: the same reservation on a row, for when Redis is out of reach.

It needs no token calls: the database counts the rows of `fila` whose intent is committed, and a permit cannot be
used without such a row.
"""

from time import monotonic

import msgspec

from app.limitador.modelo import VALIDADE_S, Autoridade, AutoridadeBanco, Concessao, Numero, Permissao


class Limite(msgspec.Struct, rename="camel"):
    epoca: int
    autoridade: Autoridade
    teto: int


class Reserva(Limite):
    vagas_ms: list[float]
    espera_ms: float
    em_voo: int
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


class NoBanco:
    def __init__(self, banco: AutoridadeBanco) -> None:
        self._banco = banco

    async def obter(self, numero: Numero) -> Limite:
        return _ler_limite(await self._banco.limite_obter(numero.cliente_id, numero.conexao_id))

    async def assumir(self, numero: Numero, autoridade: Autoridade) -> Limite:
        """Compare-and-set of the epoch; whoever wins, the answer is what holds now."""
        return _ler_limite(
            await self._banco.limite_assumir(numero.cliente_id, numero.conexao_id, numero.epoca, autoridade)
        )

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
