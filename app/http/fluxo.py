"""Streams of events: what a browser holds open to hear what changed, ids only.

Each stream follows the tenant's numbers. What arrives on the channel is handed on as it is; a gap, a client that reads
too slowly, a lost Redis or a fresh start are all the same case: ask the database what came after the last number that
was handed over. So a stream never grows in memory and never skips an event.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final
from uuid import UUID

import msgspec
import structlog
from prometheus_client import Gauge

from app.erros import Erro
from app.eventos import Aviso, Escuta, Recado, Sinal
from app.http.comum import DaSessao
from app.tipos.eventos import Evento, Eventos, EventosSessao

POR_SESSAO: Final = 4
POR_PROCESSO: Final = 2000
PENDENTES: Final = 500
JANELA_S: Final = 0.05
BATIDA_S: Final = 15.0
CONSULTA_S: Final = 1.0
_CONSULTAS: Final = 8
_QUADROS: Final = 256
_ABERTOS: Final = Gauge("balcao_fluxos_abertos", "Fluxos de eventos abertos neste processo")
_registro = structlog.get_logger(__name__)

Item = Aviso | Evento


def _mensagem(nome: str, dados: object, numero: int | None = None) -> bytes:
    id_ = b"" if numero is None else b"id: %d\n" % numero
    return b"event: %s\n%sdata: %s\n\n" % (nome.encode(), id_, msgspec.json.encode(dados))


def _ids(itens: Iterable[Item]) -> list[str]:
    return sorted({str(i.conversa_id) for i in itens if i.conversa_id})


def quadro(itens: Iterable[Item], numero: int, minhas: frozenset[UUID | None] = frozenset()) -> bytes:
    """One frame: an event for each kind of thing that changed, with the ids; the number comes with the last one. Of the
    conversations it says which are `minhas`, and which are in a queue: what else changed no such list shows."""
    grupos: dict[str, list[Item]] = defaultdict(list)
    for item in itens:
        grupos[item.tipo.removesuffix("_mudou")].append(item)
    partes = [
        _mensagem(
            nome,
            {
                "ids": [i.alvo_id for i in grupo],
                "conversas": _ids(grupo),
                "minhas": _ids(i for i in grupo if i.conversa_id in minhas),
                "fila": _ids(i for i in grupo if i.fila),
            },
            numero if posicao == len(grupos) else None,
        )
        for posicao, (nome, grupo) in enumerate(grupos.items(), 1)
    ]
    return b"".join(partes)


class Fluxo:
    """One open stream. `visto`: the last number known of; `entregue`: the last one whose frame was handed over."""

    __slots__ = (
        "_avisos", "_central", "_enquanto", "_minha", "_sinais", "acordar", "atrasado", "chamada", "conferir",
        "entregue", "expira", "fim", "sessao", "topicos", "visto",
    )  # fmt: skip

    def __init__(self, central: Central, chamada: DaSessao, sessao: EventosSessao, desde: int | None) -> None:
        self._central, self.chamada, self.sessao = central, chamada, sessao
        self.visto = self.entregue = sessao.ultimo if desde is None else desde
        self._avisos: dict[tuple[str, UUID], Aviso] = {}
        self._sinais: dict[str, Sinal] = {}
        self._enquanto: list[Recado] | None = None
        self.acordar = asyncio.Event()
        self.atrasado = self.conferir = True
        self.fim: str | None = None
        self._valer(sessao)

    def _valer(self, sessao: EventosSessao) -> None:
        self.sessao, self.topicos = sessao, frozenset(sessao.topicos)
        self._minha = f"conversas:usuario:{sessao.usuario_id}"
        self.expira = time.monotonic() + sessao.restam_s

    def _sabe(self, topicos: frozenset[str] | None) -> bool:
        return topicos is None or not topicos.isdisjoint(self.topicos)

    # -- what arrives

    def receber(self, recado: Recado) -> None:
        """What the channel brought; while the database is being asked it waits."""
        for sinal in recado.sinais:
            if self._sabe(sinal.topicos) and len(self._sinais) < PENDENTES:
                self._sinais[sinal.nome + sinal.chave] = sinal
                self.acordar.set()
        if not recado.avisos:
            return
        if self._enquanto is not None:
            self._enquanto.append(recado)
            if len(self._enquanto) > PENDENTES:
                # too much to keep: ask again from where the question ends
                self._enquanto, self.atrasado = [], True
                self.acordar.set()
        elif not self.atrasado:
            self._seguir(recado)

    def _seguir(self, recado: Recado) -> None:
        if recado.avisos[0].numero > self.visto + 1:
            self.perder()
            return
        for aviso in recado.avisos:
            if aviso.numero > self.visto and self._sabe(aviso.topicos):
                self._avisos[aviso.tipo, aviso.alvo_id] = aviso
                self.conferir = self.conferir or aviso.sessoes
                self.acordar.set()
        self.visto = max(self.visto, recado.avisos[-1].numero)
        if len(self._avisos) > PENDENTES:
            self.perder()

    def perder(self, *, conferir: bool = True) -> None:
        """Something was missed, or does not fit: the database knows it. `conferir`: also what the session may see."""
        self._avisos.clear()
        self.atrasado, self.conferir = True, self.conferir or conferir
        self.acordar.set()

    def terminar(self, motivo: str) -> None:
        self.fim = self.fim or motivo
        self.acordar.set()

    # -- what goes out

    async def quadros(self) -> AsyncIterator[bytes]:
        """The body of the answer, until the session ends, the process stops or the client leaves."""
        with self._central.aberto(self):
            await self._central.ouvir(self)
            yield b"retry: 2000\n: \nid: %d\n\n" % self.entregue
            while self.fim is None:
                self.acordar.clear()
                async for pedaco in self._prontos():
                    yield pedaco
                # what comes in the next moment goes out together
                await asyncio.sleep(JANELA_S)
                if self.fim is None and not await self._esperar():
                    yield b": \nid: %d\n\n" % self.entregue
            yield b"retry: %d\n" % (30_000 if self.fim == "excesso" else 2000) + _mensagem("fim", {"motivo": self.fim})

    async def _esperar(self) -> bool:
        """Until there is something; False when it is time for a heartbeat."""
        prazo = min(BATIDA_S, max(0.0, self.expira - time.monotonic()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.acordar.wait(), prazo)
        self.conferir = self.conferir or time.monotonic() >= self.expira
        self.entregue = self.visto if not self._avisos and not self.atrasado else self.entregue
        return self.acordar.is_set() or self.conferir

    async def _prontos(self) -> AsyncIterator[bytes]:
        try:
            if self.conferir and await self._conferir():
                yield _mensagem("recarregar", {}, self.entregue)
            if self.atrasado:
                async for pedaco in self._alcancar():
                    yield pedaco
        except Erro as erro:
            self._enquanto = None
            if erro.status in (401, 403):
                self.terminar("sessao")
                return
            self.atrasado = self.conferir = True
            await asyncio.sleep(CONSULTA_S)
            self.acordar.set()
        if self._avisos and not self.atrasado:
            avisos, numero = tuple(self._avisos.values()), self.visto
            self._avisos.clear()
            minhas = frozenset(a.conversa_id for a in avisos if a.topicos and self._minha in a.topicos)
            yield self._central.quadro(self.chamada.cliente_id, avisos, numero, minhas)
            self.entregue = numero
        for sinal in tuple(self._sinais.values()):
            yield _mensagem(sinal.nome, sinal.dados)
        self._sinais.clear()

    async def _conferir(self) -> bool:
        """Whether the session lives is asked of the database; True when what it may see has changed."""
        self.conferir = False
        async with self._central.consultas:
            sessao = await self.chamada.ler("api.eventos_sessao_obter", EventosSessao)
        mudou = self.topicos != frozenset(sessao.topicos)
        self._valer(sessao)
        return mudou

    async def _alcancar(self) -> AsyncIterator[bytes]:
        """Ask what came after the last number handed over, and go on with what arrived meanwhile."""
        self.atrasado, self._enquanto = False, []
        while True:
            async with self._central.consultas:
                lidos = await self.chamada.ler("api.eventos_desde", Eventos, p_desde=self.entregue)
            if lidos.recarregar:
                yield _mensagem("recarregar", {}, lidos.numero)
            elif lidos.eventos:
                yield quadro(lidos.eventos, lidos.numero, frozenset(e.conversa_id for e in lidos.eventos if e.minha))
            self.visto = self.entregue = lidos.numero
            if lidos.numero >= lidos.ultimo:
                break
        enquanto, self._enquanto = self._enquanto, None
        for recado in enquanto or ():
            if recado.avisos[-1].numero > self.visto:
                self._seguir(recado)


class Central:
    """All streams of this process, and the one subscription that feeds them."""

    def __init__(self, url_redis: str) -> None:
        self.escuta = Escuta(url_redis, self._ouvido, self._mudou)
        self.consultas = asyncio.Semaphore(_CONSULTAS)
        self._fluxos: dict[UUID, set[Fluxo]] = defaultdict(set)
        self._sessoes: dict[UUID, list[Fluxo]] = defaultdict(list)
        self._quadros: dict[tuple[UUID, tuple[int, ...], frozenset[UUID | None]], bytes] = {}
        self._ultimos: dict[UUID, int] = {}
        self._tarefas: list[asyncio.Task[None]] = []
        self._fechando = False
        self._laco: asyncio.AbstractEventLoop | None = None

    def iniciar(self) -> None:
        self._laco = asyncio.get_running_loop()
        self._tarefas = [asyncio.create_task(self.escuta.correr()), asyncio.create_task(self._consultar())]

    async def fechar(self) -> None:
        self.encerrar()
        for tarefa in self._tarefas:
            tarefa.cancel()
        await asyncio.gather(*self._tarefas, return_exceptions=True)
        await self.escuta.fechar()

    def encerrar(self) -> None:
        """End every stream, now: the process is to stop."""
        self._fechando = True
        for fluxo in self._todos():
            fluxo.terminar("desligando")

    def encerrar_de_um_sinal(self) -> None:
        """The same, from a signal handler."""
        if self._laco is not None:
            self._laco.call_soon_threadsafe(self.encerrar)

    @property
    def cheia(self) -> bool:
        return self._fechando or sum(map(len, self._fluxos.values())) >= POR_PROCESSO

    @contextlib.contextmanager
    def aberto(self, fluxo: Fluxo) -> Iterator[None]:
        cliente_id, sessao_id = fluxo.chamada.cliente_id, fluxo.sessao.sessao_id
        self._fluxos[cliente_id].add(fluxo)
        self._sessoes[sessao_id].append(fluxo)
        self._anotar(cliente_id, fluxo.sessao.ultimo)
        _ABERTOS.inc()
        if len(self._sessoes[sessao_id]) > POR_SESSAO:
            # most likely a connection that the other side lost long ago
            self._sessoes[sessao_id][0].terminar("excesso")
        try:
            yield
        finally:
            _ABERTOS.dec()
            self._fluxos[cliente_id].discard(fluxo)
            self._sessoes[sessao_id].remove(fluxo)
            if not self._sessoes[sessao_id]:
                del self._sessoes[sessao_id]

    async def ouvir(self, fluxo: Fluxo) -> None:
        """Before the stream asks what it missed, so that nothing falls between the two."""
        await self.escuta.ouvir(fluxo.chamada.cliente_id)

    def quadro(self, cliente_id: UUID, avisos: tuple[Aviso, ...], numero: int, minhas: frozenset[UUID | None]) -> bytes:
        """The frame, made once for all streams that see the same."""
        chave = (cliente_id, (numero, *(a.numero for a in avisos)), minhas)
        feito = self._quadros.get(chave)
        if feito is None:
            if len(self._quadros) >= _QUADROS:
                self._quadros.clear()
            feito = self._quadros[chave] = quadro(avisos, numero, minhas)
        return feito

    def _todos(self) -> list[Fluxo]:
        return [fluxo for fluxos in self._fluxos.values() for fluxo in fluxos]

    def ultimo(self, cliente_id: UUID) -> int | None:
        """A number up to which whoever reads the database now has seen everything; None when nothing is known."""
        return self._ultimos.get(cliente_id)

    def _anotar(self, cliente_id: UUID, numero: int) -> None:
        self._ultimos[cliente_id] = max(numero, self._ultimos.get(cliente_id, 0))

    def _ouvido(self, cliente_id: UUID, recado: Recado) -> None:
        if recado.avisos:
            self._anotar(cliente_id, recado.avisos[-1].numero)
        for fluxo in self._fluxos.get(cliente_id, ()):
            fluxo.receber(recado)

    def _mudou(self) -> None:
        """The subscription came or went: what was said meanwhile is in the database."""
        for fluxo in self._todos():
            fluxo.perder()

    async def _consultar(self) -> None:
        """Without the subscription every stream asks once a second; tenants without streams are let go."""
        while True:
            await asyncio.sleep(CONSULTA_S)
            if not self.escuta.viva:
                for fluxo in self._todos():
                    fluxo.perder(conferir=False)
            for cliente_id in [c for c, fluxos in self._fluxos.items() if not fluxos]:
                del self._fluxos[cliente_id]
                self._ultimos.pop(cliente_id, None)
                await self.escuta.deixar(cliente_id)
