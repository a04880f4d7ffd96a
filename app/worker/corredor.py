"""Sending for one number: permits, claim, intent, send, outcome.

Permits come before the claim, so nobody holds a lease while it waits for the limiter. The intent of a few messages is
committed just before their slots: a crash before it costs nothing, one after it leaves INCERTO, never a second send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from time import monotonic
from typing import Any, Final

import structlog

from app.cifra import InvalidTag
from app.credenciais import ConexaoAberta
from app.erros import Erro
from app.limitador import Desfecho, Numero, Permissao
from app.provedores.envio import Envio, Modelo, Resultado
from app.worker.contexto import Contexto, NumeroPronto, Reserva
from app.worker.registro_lote import Registrador

POR_RESERVA: Final = 10
POR_INTENCAO: Final = 4
ANTECEDENCIA_S: Final = 0.030
PENDENTES_MAXIMO: Final = 20
# an intent whose slot never comes is given back before its 20 s lease ends
DESISTENCIA_S: Final = 12.0
_LIMITE_POR_SEGUNDO: Final = 130429
_registro = structlog.get_logger(__name__)


class Corredor:
    """Runs while the number has work due, then ends; the loop starts another when there is work again."""

    def __init__(self, contexto: Contexto, pronto: NumeroPronto) -> None:
        self._contexto = contexto
        self._pronto = pronto
        self._registrador = Registrador(contexto, pronto)
        self._conexao: ConexaoAberta | None = None
        self._tarefas: set[asyncio.Task[None]] = set()
        self._vaga = asyncio.Event()

    async def correr(self) -> None:
        registrando = asyncio.create_task(self._registrador.correr())
        try:
            await self._reservar_enquanto_houver()
        except Erro as erro:
            _registro.warning("numero_interrompido", conexao=str(self._pronto.conexao_id), codigo=erro.codigo)
        finally:
            while self._tarefas:
                await asyncio.wait(set(self._tarefas))
            self._registrador.encerrar()
            await registrando

    async def _reservar_enquanto_houver(self) -> None:
        contexto = self._contexto
        numero = await contexto.limitador.obter(
            Numero(cliente_id=self._pronto.cliente_id, conexao_id=self._pronto.conexao_id, teto=80, epoca=1)
        )
        while not contexto.parar.is_set():
            permissoes = await contexto.limitador.reservar(numero, POR_RESERVA, ANTECEDENCIA_S)
            numero = permissoes[0].numero
            reservas = await contexto.reservar(self._pronto, len(permissoes), numero.epoca)
            if not reservas:
                return
            usadas = permissoes[: len(reservas)]
            for inicio in range(0, len(reservas), POR_INTENCAO):
                fatia = slice(inicio, inicio + POR_INTENCAO)
                self._lancar(self._pretender(usadas[fatia], reservas[fatia]))
            # ask again shortly before the slots run out, so that the pace has no gap
            await asyncio.sleep(max(0.0, usadas[-1].abre - monotonic() - 2 * ANTECEDENCIA_S))
            await self._esperar_vaga()

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
        await asyncio.sleep(max(0.0, permissoes[0].abre - monotonic() - ANTECEDENCIA_S))
        if self._contexto.parar.is_set():
            await self._contexto.devolver(self._pronto.cliente_id, reservas)
            return
        intencoes = await self._contexto.pretender(self._pronto, permissoes[0].numero.epoca, reservas)
        if not intencoes.envios:
            return
        por_id = {envio.id: envio for envio in intencoes.envios}
        try:
            conexao = await self._credencial(intencoes.conexao_versao)
        except (InvalidTag, Erro):
            for envio in intencoes.envios:
                self._registrador.anotar(envio, Resultado("REJEITADO", codigo=190, detalhe="credencial ilegível"))
            return
        for permissao, reserva in zip(permissoes, reservas, strict=True):
            if reserva.id in por_id:
                envio = por_id[reserva.id]
                self._lancar(self._enviar(permissao, envio, conexao, intencoes.modelos[envio.modelo_id]))

    async def _credencial(self, versao: int) -> ConexaoAberta:
        if self._conexao is None or self._conexao.versao != versao:
            self._conexao = await self._contexto.abrir_conexao(self._pronto)
        return self._conexao

    async def _enviar(self, permissao: Permissao, envio: Envio, conexao: ConexaoAberta, modelo: Modelo) -> None:
        limitador = self._contexto.limitador
        entrada = await self._entrar(permissao)
        if entrada is None:
            self._registrador.anotar(envio, Resultado("NAO_ENVIADO", detalhe="sem vaga do limitador"))
            return
        inicio = monotonic()
        try:
            resultado = await self._contexto.provedores[conexao.provedor].enviar(conexao, envio, modelo)
        except (ValueError, KeyError) as erro:  # our own payload: the same message will fail the same way
            resultado = Resultado("NAO_ENVIADO", codigo=-1, detalhe=repr(erro)[:500])
        self._registrador.anotar(envio, resultado)
        await limitador.sair(entrada, monotonic() - inicio, _para_o_limitador(resultado))
        if resultado.codigo == _LIMITE_POR_SEGUNDO:
            await limitador.recuar(entrada.numero)

    async def _entrar(self, permissao: Permissao) -> Permissao | None:
        """Enter at the slot; a forfeited permit is replaced while the intent holds. None: gave up, nothing was sent."""
        limitador = self._contexto.limitador
        epoca = permissao.numero.epoca
        desiste = monotonic() + DESISTENCIA_S
        while True:
            if await limitador.entrar(permissao):
                if permissao.ainda_vale():
                    return permissao
                await limitador.sair(permissao, 0.0, Desfecho.NAO_ENVIADO)
            if monotonic() > desiste:
                return None
            [permissao] = await limitador.reservar(permissao.numero, 1)
            if permissao.numero.epoca != epoca:
                return None


def _para_o_limitador(resultado: Resultado) -> Desfecho:
    if resultado.sem_resposta:
        return Desfecho.SEM_RESPOSTA
    return Desfecho.NAO_ENVIADO if resultado.desfecho == "NAO_ENVIADO" else Desfecho.RESPONDIDO
