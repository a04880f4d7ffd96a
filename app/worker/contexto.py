"""What the parts of a worker share, and the typed face of the functions they call."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from app.armazem import Armazem
from app.banco import Chamavel
from app.cifra import Cofre
from app.credenciais import ConexaoAberta, abrir_conexao
from app.limitador import Limitador
from app.presenca import Presenca
from app.provedores.envio import Envio, Modelo, Provedor, Resultado
from app.provedores.leitura import ProvedorLeitura
from app.provedores.midia import ProvedorMidia
from app.provedores.push import Push
from app.provedores.saude import ProvedorSaude
from app.provedores.uaizap_gestao import UaizapGestao

FAIXA_DE_CAMPANHA: Final = 7


class Reserva(msgspec.Struct, frozen=True, rename="camel"):
    """One claimed row of the queue: `cerca` is the fence that every later call must show."""

    id: UUID
    cerca: int
    tipo: str
    alvo_id: UUID
    prioridade: int
    executar_em: datetime


class Intencoes(msgspec.Struct, frozen=True, rename="camel"):
    """What may be sent now, with the templates involved by id."""

    envios: list[Envio]
    modelos: dict[UUID, Modelo]
    conexao_versao: int

    def completo(self, envio: Envio) -> Envio:
        """With its template, which travels once however many messages use it."""
        if envio.modelo_id is None:
            return envio
        return msgspec.structs.replace(envio, modelo=self.modelos[envio.modelo_id])


class Trabalho(msgspec.Struct, frozen=True, rename="camel"):
    """One claimed row of the queue whose work the edge does on `alvo_id`."""

    id: UUID
    cerca: int
    tipo: str
    alvo_id: UUID
    tentativas: int
    prioridade: int
    executar_em: datetime


class NumeroPronto(msgspec.Struct, frozen=True, rename="camel"):
    """A number with work due."""

    cliente_id: UUID
    conexao_id: UUID


class Prontas(msgspec.Struct, frozen=True):
    """Where there is work: numbers with sends, numbers with edge work, tenants with internal work, expired leases or
    people to tell."""

    numeros: list[NumeroPronto]
    bordas: list[NumeroPronto]
    internos: list[UUID]
    resgates: list[UUID]
    avisos: list[UUID]


@dataclass(frozen=True)
class Contexto:
    """One worker process. `dono` signs its claims; `parar` is set when it must drain."""

    dono: str
    banco: Chamavel
    limitador: Limitador
    cofre: Cofre
    provedores: dict[str, Provedor]
    midias: Mapping[str, ProvedorMidia] = field(default_factory=dict)
    leituras: Mapping[str, ProvedorLeitura] = field(default_factory=dict)
    saudes: Mapping[str, ProvedorSaude] = field(default_factory=dict)
    armazem: Armazem | None = None
    uaizap: UaizapGestao | None = None
    presenca: Presenca | None = None
    push: Push | None = None
    parar: asyncio.Event = field(default_factory=asyncio.Event)

    async def prontas(self) -> Prontas:
        return msgspec.json.decode(await self.banco.chamar("worker.fila_prontas", {}), type=Prontas)

    async def reservar(
        self, numero: NumeroPronto, quantos: int, epoca: int, ultima: Reserva | None = None
    ) -> list[Reserva]:
        """Claim what is due; of the campaigns' lane, what comes after `ultima`."""
        apos = ultima and _json({"executarEm": ultima.executar_em, "id": ultima.id})
        return msgspec.json.decode(
            await self._chamar(
                "fila_reservar", numero, p_dono=self.dono, p_quantos=quantos, p_epoca=epoca, p_apos=apos
            ),
            type=list[Reserva],
        )

    async def pretender(self, numero: NumeroPronto, epoca: int, reservas: Sequence[Reserva]) -> Intencoes:
        """Commit the intent to send, at most as many; what is not among the answer's `envios` must not be sent.

        What became urgent since the claim takes the place of campaign rows, so `envios` may hold others."""
        lidas = msgspec.json.decode(
            await self._chamar(
                "envio_intencao",
                numero,
                p_dono=self.dono,
                p_epoca=epoca,
                p_itens=_fichas(reservas),
                p_trocar=any(r.prioridade == FAIXA_DE_CAMPANHA for r in reservas),
            ),
            type=Intencoes,
        )
        return msgspec.structs.replace(lidas, envios=[lidas.completo(envio) for envio in lidas.envios])

    async def devolver(self, cliente_id: UUID, reservas: Sequence[Reserva]) -> None:
        await self.banco.chamar(
            "worker.fila_devolver",
            {"p_cliente_id": cliente_id, "p_dono": self.dono, "p_itens": _fichas(reservas)},
        )

    async def registrar(self, numero: NumeroPronto, resultados: Sequence[tuple[Envio, Resultado]]) -> None:
        itens = [
            {
                "id": envio.id,
                "cerca": envio.cerca,
                "tentativaId": envio.tentativa_id,
                "alvoId": envio.alvo_id,
                **msgspec.to_builtins(resultado),
            }
            for envio, resultado in resultados
        ]
        await self._chamar("envio_registrar", numero, p_dono=self.dono, p_resultados=_json(itens))

    async def trocar(
        self, numero: NumeroPronto, feitos: Sequence[Trabalho], quantos: int, ultimo: Trabalho | None
    ) -> list[Trabalho]:
        """Give back edge work that is done and claim what is next, after `ultimo`."""
        apos = ultimo and _json({"prioridade": ultimo.prioridade, "executarEm": ultimo.executar_em, "id": ultimo.id})
        return msgspec.json.decode(
            await self._chamar(
                "borda_trocar",
                numero,
                p_dono=self.dono,
                p_ids=[t.id for t in feitos],
                p_cercas=[t.cerca for t in feitos],
                p_quantos=quantos,
                p_apos=apos,
            ),
            type=list[Trabalho],
        )

    async def falhar_borda(
        self, numero: NumeroPronto, trabalho: Trabalho, erro: str, espera_s: float | None, definitiva: bool
    ) -> None:
        await self.banco.chamar(
            "worker.borda_falhar",
            {
                "p_cliente_id": numero.cliente_id,
                "p_dono": self.dono,
                "p_id": trabalho.id,
                "p_cerca": trabalho.cerca,
                "p_erro": erro,
                "p_espera": None if espera_s is None else timedelta(seconds=espera_s),
                "p_definitiva": definitiva,
            },
        )

    async def leitura_obter(self, numero: NumeroPronto, mensagem_id: UUID) -> str | None:
        """What the provider calls a received message; None when there is nothing to mark."""
        resposta = await self._chamar("leitura_obter", numero, p_alvo_id=mensagem_id)
        achada: dict[str, str] = msgspec.json.decode(resposta) or {}
        return achada.get("idExterno")

    async def renovar_borda(self, numero: NumeroPronto, trabalho: Trabalho) -> bool:
        """Keep edge work that takes longer than its lease; False when it is somebody else's by now."""
        return msgspec.json.decode(
            await self.banco.chamar(
                "worker.borda_renovar",
                {
                    "p_cliente_id": numero.cliente_id,
                    "p_dono": self.dono,
                    "p_id": trabalho.id,
                    "p_cerca": trabalho.cerca,
                },
            ),
            type=bool,
        )

    async def abrir_conexao(self, numero: NumeroPronto) -> ConexaoAberta:
        """Read the connection and open its credentials. Raises `app.cifra.InvalidTag`."""
        return abrir_conexao(self.cofre, await self._chamar("conexao_obter", numero), numero.cliente_id)

    async def _chamar(self, funcao: str, numero: NumeroPronto, **argumentos: object) -> bytes:
        return await self.banco.chamar(
            f"worker.{funcao}", {"p_cliente_id": numero.cliente_id, "p_conexao_id": numero.conexao_id, **argumentos}
        )


def _fichas(reservas: Sequence[Reserva]) -> msgspec.Raw:
    return _json([{"id": r.id, "cerca": r.cerca} for r in reservas])


def _json(valor: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(valor))
