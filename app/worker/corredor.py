"""Sending for one number: permits, claim, intent, send, outcome.

Permits come before the claim, so nobody holds a lease while it waits for the limiter. The intent of a few messages is
committed just before their slots: a crash before it costs nothing, one after it leaves INCERTO, never a second send.
Intents are therefore kept few: one whose permit was forfeited takes the next permit of all, before new intents.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import structlog

from app.cifra import InvalidTag
from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.limitador import Desfecho, Numero, Permissao
from app.provedores.envio import Envio, Resultado
from app.worker.contexto import FAIXA_DE_CAMPANHA, Contexto, NumeroPronto, Reserva
from app.worker.registro_lote import Registrador

POR_RESERVA: Final = 10
POR_INTENCAO: Final = 5
ANTECEDENCIA_S: Final = 0.030
# an intent is committed this long before its slot: as late as the database's recent pace allows
ANTECEDENCIA_MINIMA_S: Final = 0.015
ANTECEDENCIA_MAXIMA_S: Final = 0.080
# the next permits are asked for this long before the last slot, so that a slow commit leaves no gap
ADIANTE_S: Final = 0.120
PENDENTES_MAXIMO: Final = 20
# The intent checked the limiter's epoch. An authority that takes over grants its first slot 2.05 s later
# (worker.limite_assumir), so a permit of the old one must not be used after that, however often it was replaced.
# Entering, connecting and reading also fit into the 20 s lease of an intent.
DESISTENCIA_S: Final = 2.0
# without a slot for this long, waiting intents are given back: where the database paces, they are what it waits for
SEM_VAGA_S: Final = 1.5
# where the last claim ended in the campaigns' lane is remembered this long: what comes back to the queue sits before it
MARCA_S: Final = 1.0
_LIMITE_POR_SEGUNDO: Final = 130429
_SEM_VAGA: Final = Resultado("NAO_ENVIADO", detalhe="sem vaga do limitador", sem_vaga=True)
_registro = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pendencia:
    """A message whose intent is committed under `epoca` and that waits for a slot until `desiste`."""

    envio: Envio
    conexao: ConexaoAberta
    epoca: int
    desiste: float


class Corredor:
    """Runs while the number has work due, then ends; the loop starts another when there is work again."""

    def __init__(self, contexto: Contexto, pronto: NumeroPronto) -> None:
        self._contexto = contexto
        self._pronto = pronto
        self._registrador = Registrador(contexto, pronto, self.chamar)
        self._conexao: ConexaoAberta | None = None
        self._demora = ANTECEDENCIA_S / 2
        self._numero = Numero(cliente_id=pronto.cliente_id, conexao_id=pronto.conexao_id, teto=80, epoca=1)
        self._repescagem: deque[Pendencia] = deque()
        self._marca: Reserva | None = None
        self._marca_ate = 0.0
        self._tarefas: set[asyncio.Task[None]] = set()
        self._vaga = asyncio.Event()
        self._chamado = asyncio.Event()

    def chamar(self) -> None:
        """There is work due: look again, even while answers are awaited."""
        self._chamado.set()
        self._vaga.set()

    async def correr(self) -> None:
        registrando = asyncio.create_task(self._registrador.correr())
        try:
            await self._reservar_enquanto_houver()
            while await self._repescar() or await self._seguinte():
                await self._reservar_enquanto_houver()
        except Erro as erro:
            _registro.warning("numero_interrompido", conexao=str(self._pronto.conexao_id), codigo=erro.codigo)
        finally:
            while self._tarefas:
                await asyncio.wait(set(self._tarefas))
            self._desistir()
            self._registrador.encerrar()
            await registrando

    async def _reservar_enquanto_houver(self) -> None:
        contexto = self._contexto
        self._numero = await contexto.limitador.obter(self._numero)
        while not contexto.parar.is_set():
            permissoes = await self._permissoes(POR_RESERVA, ANTECEDENCIA_S)
            if not permissoes:
                return
            reservas = await self._reservar(len(permissoes))
            if not reservas:
                self._chamado.clear()
                return
            usadas = permissoes[: len(reservas)]
            for inicio in range(0, len(reservas), POR_INTENCAO):
                fatia = slice(inicio, inicio + POR_INTENCAO)
                self._lancar(self._pretender(usadas[fatia], reservas[fatia]))
            await asyncio.sleep(max(0.0, usadas[-1].abre - monotonic() - ADIANTE_S))
            await self._esperar_vaga()

    async def _reservar(self, quantos: int) -> list[Reserva]:
        """Claim past the last claim; nothing there, or a second later: from the start."""
        marca = self._marca if monotonic() < self._marca_ate else None
        reservas = await self._contexto.reservar(self._pronto, quantos, self._numero.epoca, marca)
        if not reservas and marca:
            marca = None
            reservas = await self._contexto.reservar(self._pronto, quantos, self._numero.epoca)
        if marca is None:
            self._marca_ate = monotonic() + MARCA_S
        if reservas and reservas[-1].prioridade == FAIXA_DE_CAMPANHA:
            self._marca = reservas[-1]
        elif marca is None:
            self._marca = None
        return reservas

    async def _permissoes(self, quantos: int, antecedencia_s: float = 0.015) -> list[Permissao]:
        """Permits, however long they take; none when the worker is to stop."""
        pedido = asyncio.create_task(self._contexto.limitador.reservar(self._numero, quantos, antecedencia_s))
        try:
            while not pedido.done():
                await asyncio.wait({pedido}, timeout=SEM_VAGA_S)
                if not pedido.done():
                    self._desistir()
                    if self._contexto.parar.is_set():
                        return []
            permissoes = pedido.result()
        finally:
            pedido.cancel()
        self._numero = permissoes[0].numero
        return permissoes

    async def _repescar(self) -> bool:
        """Nothing to claim: serve the intents whose permits were forfeited and wait for answers. True: look again."""
        parar = self._contexto.parar
        while self._tarefas or self._repescagem:
            if self._repescagem and not parar.is_set():
                self._atender(await self._permissoes(len(self._repescagem)))
            elif self._chamado.is_set() and not parar.is_set():
                return True
            elif self._tarefas:
                self._vaga.clear()
                await self._vaga.wait()
            else:
                break
        return False

    async def _seguinte(self) -> bool:
        """Nothing is in the air. True: an outcome just written has let the next message of its conversation go."""
        await self._registrador.assentar()
        return self._chamado.is_set() and not self._contexto.parar.is_set()

    def _lancar(self, rotina: Coroutine[Any, Any, None]) -> None:
        tarefa = asyncio.create_task(rotina)
        self._tarefas.add(tarefa)
        tarefa.add_done_callback(self._concluida)

    def _concluida(self, tarefa: asyncio.Task[None]) -> None:
        self._tarefas.discard(tarefa)
        self._vaga.set()
        if not tarefa.cancelled() and (erro := tarefa.exception()) is not None:
            _registro.error("tarefa_de_envio_falhou", erro=repr(erro))

    async def _esperar_vaga(self) -> None:
        while len(self._tarefas) >= PENDENTES_MAXIMO:
            self._vaga.clear()
            await self._vaga.wait()

    async def _pretender(self, permissoes: list[Permissao], reservas: list[Reserva]) -> None:
        antecedencia = min(max(2 * self._demora, ANTECEDENCIA_MINIMA_S), ANTECEDENCIA_MAXIMA_S)
        await asyncio.sleep(max(0.0, permissoes[0].abre - monotonic() - antecedencia))
        if self._contexto.parar.is_set():
            await self._devolver(reservas)
            return
        permissoes = permissoes[self._atender(permissoes) :]
        if len(permissoes) < len(reservas):
            await self._devolver(reservas[len(permissoes) :])
            reservas = reservas[: len(permissoes)]
        if not reservas:
            return
        epoca = permissoes[0].numero.epoca
        inicio = monotonic()
        try:
            intencoes = await self._contexto.pretender(self._pronto, epoca, reservas)
        except Erro as erro:
            # nothing will be sent; if the intent was committed all the same, this changes nothing
            _registro.warning("intencao_falhou", conexao=str(self._pronto.conexao_id), codigo=erro.codigo)
            await self._devolver(reservas)
            return
        self._demora = max(monotonic() - inicio, 0.9 * self._demora)
        if not intencoes.envios:
            return
        try:
            conexao = await self._credencial(intencoes.conexao_versao)
        except (InvalidTag, Erro):
            for envio in intencoes.envios:
                self._registrador.anotar(envio, Resultado("REJEITADO", codigo=190, detalhe="credencial ilegível"))
            return
        desiste = inicio + DESISTENCIA_S
        for permissao, envio in zip(permissoes, intencoes.envios, strict=False):
            self._lancar(self._enviar(permissao, Pendencia(envio, conexao, epoca, desiste)))

    async def _devolver(self, reservas: Sequence[Reserva]) -> None:
        with contextlib.suppress(Erro):  # the lease ends by itself
            await self._contexto.devolver(self._pronto.cliente_id, reservas)

    def _atender(self, permissoes: Sequence[Permissao]) -> int:
        """Give permits to waiting intents first; returns how many were taken."""
        usadas = 0
        for permissao in permissoes:
            pendencia = self._proxima(permissao)
            if pendencia is None:
                break
            self._lancar(self._enviar(permissao, pendencia))
            usadas += 1
        return usadas

    def _proxima(self, permissao: Permissao) -> Pendencia | None:
        while self._repescagem:
            pendencia = self._repescagem.popleft()
            # a permit of another epoch was not what the intent was checked against
            if pendencia.epoca == permissao.numero.epoca and permissao.fecha < pendencia.desiste:
                return pendencia
            self._registrador.anotar(pendencia.envio, _SEM_VAGA)
        return None

    def _desistir(self) -> None:
        """Nothing of these was written: they go back to the queue."""
        while self._repescagem:
            self._registrador.anotar(self._repescagem.popleft().envio, _SEM_VAGA)

    async def _credencial(self, versao: int) -> ConexaoAberta:
        if self._conexao is None or self._conexao.versao != versao:
            self._conexao = await self._contexto.abrir_conexao(self._pronto)
        return self._conexao

    def _repor(self, pendencia: Pendencia) -> None:
        """No slot this time: the next one, people first."""
        if pendencia.envio.prioridade < FAIXA_DE_CAMPANHA:
            self._repescagem.appendleft(pendencia)
        else:
            self._repescagem.append(pendencia)

    async def _enviar(self, permissao: Permissao, pendencia: Pendencia) -> None:
        limitador = self._contexto.limitador
        if not await limitador.entrar(permissao):
            self._repor(pendencia)
            return
        if not permissao.ainda_vale():
            await limitador.sair(permissao, 0.0, Desfecho.NAO_ENVIADO)
            self._repor(pendencia)
            return
        inicio = monotonic()
        provedor = self._contexto.provedores[pendencia.conexao.provedor]
        try:
            resultado = await provedor.enviar(pendencia.conexao, pendencia.envio)
        except Exception as erro:  # a defect of ours, before or after the write: nobody can tell
            _registro.exception("provedor_falhou", provedor=pendencia.conexao.provedor)
            resultado = Resultado("AMBIGUO", detalhe=repr(erro)[:500])
        self._registrador.anotar(pendencia.envio, resultado)
        await limitador.sair(permissao, monotonic() - inicio, _para_o_limitador(resultado))
        if resultado.codigo == _LIMITE_POR_SEGUNDO:
            await limitador.recuar(permissao.numero)


def _para_o_limitador(resultado: Resultado) -> Desfecho:
    if resultado.sem_resposta:
        return Desfecho.SEM_RESPOSTA
    return Desfecho.NAO_ENVIADO if resultado.desfecho == "NAO_ENVIADO" else Desfecho.RESPONDIDO
