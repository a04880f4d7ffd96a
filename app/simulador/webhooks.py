"""Delivery engine of both providers: posts, retries on schedule, repeats, reorders, and holds back on command.

Subscriptions, signatures and batches are Meta's alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from app.simulador.cenario import AjustesWebhook
from app.simulador.contas import App, Contas, Numero, Waba
from app.simulador.eventos import Item, compor, serializar
from app.simulador.falhas import Acao, Alvo, Falhas, milissegundos
from app.simulador.http import Provedor
from app.simulador.malicia import assinar_mal, token_alheio
from app.simulador.relogio import DIA, SEGUNDO, Relogio
from app.simulador.sorteio import Sorteio

ESPERAS = tuple(s * SEGUNDO for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
_ESPERA_FINAL = 6 * 3600 * SEGUNDO
VIDA = 7 * DIA
_AGENTE = "facebookexternalua"
_RETIDAS = 50_000
_REORDENACAO = 5 * SEGUNDO
_DUPLICACAO = 60 * SEGUNDO
_RONDA_DO_APAGAO = 5 * SEGUNDO
Estado = Literal["queued", "delivered", "dropped"]


@dataclass(frozen=True, slots=True)
class Remetente:
    """Who posts: the app or the instance, what it proves itself with, and how long it insists.

    After the listed waits come equal ones of ``espera_final`` until the webhook is too old, or none at all.
    """

    provedor: Provedor
    conta: str
    segredo: str
    agente: str
    esperas: tuple[int, ...]
    espera_final: int | None = None


@dataclass(slots=True)
class Entrega:
    """One POST: the bytes never change, whatever the number of attempts."""

    id: int
    remetente: Remetente
    url: str
    corpo: bytes
    assinatura: str
    chaves: tuple[str, ...]
    alvo: Alvo
    criada_em: int
    copia_de: int | None = None
    estado: Estado = "queued"
    proxima_em: int | None = None
    tentativas: list[tuple[int, str]] = field(default_factory=list)

    def vista(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "provider": self.remetente.provedor,
            "app_id": self.remetente.conta,
            "url": self.url,
            "state": self.estado,
            "keys": self.chaves,
            "copy_of": self.copia_de,
            "created_at": self.criada_em / 1000,
            "next_at": self.proxima_em / 1000 if self.proxima_em is not None else None,
            "attempts": [{"at": quando / 1000, "result": resultado} for quando, resultado in self.tentativas],
        }


def assinar(segredo: str, corpo: bytes) -> str:
    return "sha256=" + hmac.new(segredo.encode(), corpo, hashlib.sha256).hexdigest()


class Webhooks:
    def __init__(
        self, relogio: Relogio, sorteio: Sorteio, contas: Contas, falhas: Falhas, hosts: tuple[str, ...]
    ) -> None:
        self.ajustes = AjustesWebhook()
        self.pausado = False
        self.contagem: Counter[str] = Counter()
        self.entregas: dict[int, Entrega] = {}
        self._relogio = relogio
        self._sorteio = sorteio
        self._contas = contas
        self._falhas = falhas
        self._hosts = hosts
        self._proximo = 1
        self._lotes: dict[tuple[str, str], list[Item]] = {}
        self._filas: defaultdict[str, deque[Entrega]] = defaultdict(deque)
        self._ativas: Counter[str] = Counter()
        self._tarefas: set[asyncio.Task[None]] = set()
        self._ronda_marcada = False
        self._sessao: aiohttp.ClientSession | None = None

    async def abrir(self) -> None:
        self._sessao = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )

    async def fechar(self) -> None:
        await self._interromper()
        if self._sessao is not None:
            await self._sessao.close()

    def permitido(self, url: str) -> bool:
        partes = urlsplit(url)
        return partes.scheme in ("http", "https") and partes.hostname in self._hosts

    async def verificar(self, url: str, verify_token: str) -> bool:
        """The subscription handshake: only an echo of the challenge proves the receiver is ours."""
        if self._sessao is None or not self.permitido(url):
            return False
        desafio = self._sorteio.digitos("1", "challenge", url + verify_token, 9)
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": desafio}
        try:
            async with self._sessao.get(
                url, params=query, allow_redirects=False, timeout=self._prazo(), headers={"User-Agent": _AGENTE}
            ) as resposta:
                return resposta.status == 200 and await resposta.text() == desafio
        except (aiohttp.ClientError, TimeoutError):
            return False

    def publicar(self, waba: Waba, numero: Numero | None, itens: list[Item]) -> int:
        """Hands changes to every subscribed app, by precedence number, account, app; returns how many took them."""
        destinos = 0
        for app_id in waba.inscritos:
            app = self._contas.apps.get(app_id)
            if app is None or not app.verified:
                self.contagem["unverified"] += len(itens)
                continue
            destinos += 1
            url = self._url(app, waba, numero)
            for item in itens:
                self._enfileirar(app, url, item)
        if not waba.inscritos:
            self.contagem["unsubscribed"] += len(itens)
        return destinos

    def avulsa(self, app: App, corpo: bytes, assinatura: str) -> Entrega:
        """One crafted POST, outside batching."""
        alvo = Alvo(app.callback_url, "", "", "", "")
        entrega = self._nova(_da_meta(app), app.callback_url, corpo, assinatura, (), alvo)
        self._por_na_fila(entrega)
        return entrega

    def postar(
        self, remetente: Remetente, corpo: bytes, assinatura: str, chaves: tuple[str, ...], alvo: Alvo
    ) -> Entrega:
        """One finished body to ``alvo.path``, sooner or later as the scenario reorders."""
        entrega = self._nova(remetente, alvo.path, corpo, assinatura, chaves, alvo)
        identidade = alvo.identidade
        if self.ajustes.reorder_ratio and self._sorteio.fracao("reorder", identidade) < self.ajustes.reorder_ratio:
            self._adiar(entrega, int(self._sorteio.fracao("reorder_by", identidade) * _REORDENACAO))
        else:
            self._por_na_fila(entrega)
        return entrega

    def perdidas(self, conta: str) -> list[Entrega]:
        """What this account's receiver never took, newest first."""
        perdidas = [e for e in self.entregas.values() if e.remetente.conta == conta and e.estado == "dropped"]
        return sorted(perdidas, key=lambda e: (e.criada_em, e.id), reverse=True)

    def repetir(self, id_: int, vezes: int) -> list[int]:
        """The same bytes under the same signature, again."""
        return [self._copiar(self.entregas[id_], 0).id for _ in range(vezes)]

    def retomar(self) -> None:
        self.pausado = False
        for url in list(self._filas):
            self._bombear(url)

    async def descarregar(self) -> int:
        """Everything still owed goes out now, whatever its schedule says."""
        self.pausado = False
        for app_id, url in list(self._lotes):
            self._fechar_lote(app_id, url)
        devidas = [e for e in self.entregas.values() if e.estado == "queued" and e.proxima_em is not None]
        for entrega in devidas:
            entrega.proxima_em = None
            self._por_na_fila(entrega)
        for url in list(self._filas):
            self._bombear(url)
        await self.ocioso()
        return len(devidas)

    async def ocioso(self) -> None:
        """Returns when every POST that could be attempted by now has been."""
        while self._tarefas:
            await asyncio.wait(set(self._tarefas))
            await asyncio.sleep(0)

    async def _interromper(self) -> None:
        # Paused first: a task that ends would otherwise start the next one.
        self.pausado = True
        for tarefa in list(self._tarefas):
            tarefa.cancel()
        await asyncio.gather(*self._tarefas, return_exceptions=True)

    async def esvaziar(self) -> None:
        await self._interromper()
        self.entregas.clear()
        self._lotes.clear()
        self._filas.clear()
        self._ativas.clear()
        self.contagem.clear()
        self.pausado = False
        self._ronda_marcada = False

    def atraso(self) -> float:
        """Seconds since the oldest undelivered webhook was created."""
        antiga = min((e.criada_em for e in self.entregas.values() if e.estado == "queued"), default=None)
        return 0.0 if antiga is None else (self._relogio.agora() - antiga) / SEGUNDO

    def _url(self, app: App, waba: Waba, numero: Numero | None) -> str:
        if numero is not None and numero.override is not None:
            return numero.override.url
        desvio = waba.overrides.get(app.app_id)
        return desvio.url if desvio is not None else app.callback_url

    def _prazo(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self.ajustes.timeout_s)

    def _enfileirar(self, app: App, url: str, item: Item) -> None:
        lote = self._lotes.setdefault((app.app_id, url), [])
        lote.append(item)
        if len(lote) >= self.ajustes.batch.max_items:
            self._fechar_lote(app.app_id, url)
        elif len(lote) == 1:
            self._em(self.ajustes.batch.linger_ms * 1000, lambda: self._fechar_lote(app.app_id, url))

    def _fechar_lote(self, app_id: str, url: str) -> None:
        itens = self._lotes.pop((app_id, url), [])
        app = self._contas.apps.get(app_id)
        if not itens or app is None:
            return
        corpo = serializar(compor(itens), escapar_barras=self.ajustes.escape_slashes)
        primeiro = itens[0]
        identidade = hashlib.blake2b(corpo, digest_size=12).hexdigest()
        alvo = Alvo(url, primeiro.numero, primeiro.recipient, primeiro.chave, identidade)
        chaves = tuple(dict.fromkeys(i.chave for i in itens if i.chave))
        self.postar(_da_meta(app), corpo, assinar(app.app_secret, corpo), chaves, alvo)

    def _nova(
        self, remetente: Remetente, url: str, corpo: bytes, assinatura: str, chaves: tuple[str, ...], alvo: Alvo
    ) -> Entrega:
        entrega = Entrega(self._proximo, remetente, url, corpo, assinatura, chaves, alvo, self._relogio.agora())
        self._proximo += 1
        self.entregas[entrega.id] = entrega
        self._aparar()
        return entrega

    def _aparar(self) -> None:
        """Keeps the log bounded: the oldest settled POST goes first, what is still owed stays."""
        if len(self.entregas) > _RETIDAS:
            antiga = next((e.id for e in self.entregas.values() if e.estado != "queued"), None)
            if antiga is not None:
                del self.entregas[antiga]

    def _copiar(self, original: Entrega, apos: int) -> Entrega:
        copia = self._nova(
            original.remetente, original.url, original.corpo, original.assinatura, original.chaves, original.alvo
        )
        copia.copia_de = original.copia_de or original.id
        self._adiar(copia, apos)
        return copia

    def _adiar(self, entrega: Entrega, apos: int) -> None:
        if apos <= 0:
            self._por_na_fila(entrega)
            return
        vencimento = self._relogio.agora() + apos
        entrega.proxima_em = vencimento

        def chegou_a_hora() -> None:
            # A flush may already have sent it.
            if entrega.estado == "queued" and entrega.proxima_em == vencimento:
                entrega.proxima_em = None
                self._por_na_fila(entrega)

        self._em(apos, chegou_a_hora)

    def _em(self, apos: int, acao: Callable[[], None]) -> None:
        # Owed webhooks are the provider's durable queue: they outlive a simulated crash.
        self._relogio.agendar(self._relogio.agora() + apos, acao, volatil=False)

    def _por_na_fila(self, entrega: Entrega) -> None:
        self._filas[entrega.url].append(entrega)
        self._bombear(entrega.url)

    def _bombear(self, url: str) -> None:
        fila = self._filas[url]
        while fila and not self.pausado and self._ativas[url] < self.ajustes.concurrency:
            if self._falhas.apagao(fila[0].remetente.provedor, self._relogio.agora()):
                self._marcar_ronda()
                return
            self._ativas[url] += 1
            tarefa = asyncio.get_running_loop().create_task(self._tentar(fila.popleft()))
            self._tarefas.add(tarefa)
            tarefa.add_done_callback(self._tarefas.discard)

    def _marcar_ronda(self) -> None:
        if not self._ronda_marcada:
            self._ronda_marcada = True
            self._em(_RONDA_DO_APAGAO, self._rondar)

    def _rondar(self) -> None:
        self._ronda_marcada = False
        for url in list(self._filas):
            self._bombear(url)

    async def _tentar(self, entrega: Entrega) -> None:
        quando = self._relogio.agora()
        try:
            ha_regra = self._falhas.ativa("webhook", entrega.remetente.provedor)
            decisao = self._falhas.decidir("webhook", entrega.alvo, quando) if ha_regra else None
            acao, ponto = decisao or (None, 0.0)
            if acao is not None and self._desviar(entrega, acao, ponto):
                return
            resultado = await self._postar(entrega, acao)
            entrega.tentativas.append((quando, resultado))
            self.contagem["attempt"] += 1
            if resultado == "200":
                self._entregue(entrega, acao)
            else:
                self._reagendar(entrega, quando)
        finally:
            self._ativas[entrega.url] -= 1
            self._bombear(entrega.url)

    def _desviar(self, entrega: Entrega, acao: Acao, ponto: float) -> bool:
        """Faults that decide the fate of a POST without making it."""
        if acao.kind == "drop_webhook":
            entrega.estado = "dropped"
            self.contagem["dropped"] += 1
        elif acao.kind in ("delay", "delay_webhook"):
            self._adiar(entrega, milissegundos(acao, ponto) * 1000)
        elif acao.kind == "reorder_webhook":
            self._adiar(entrega, int(ponto * _REORDENACAO))
        else:
            return False
        return True

    async def _postar(self, entrega: Entrega, acao: Acao | None) -> str:
        if acao is not None and acao.kind in ("refuse", "status"):
            return "refused" if acao.kind == "refuse" else str(acao.http)
        corpo, assinatura = entrega.corpo, entrega.assinatura
        if acao is not None and acao.kind == "bad_signature":
            corpo, assinatura = _falsificar(entrega, acao.mode)
        cabecalhos = {"Content-Type": "application/json", "User-Agent": entrega.remetente.agente}
        if assinatura:
            cabecalhos["X-Hub-Signature-256"] = assinatura
        if self._sessao is None:
            return "closed"
        try:
            async with self._sessao.post(
                entrega.url, data=corpo, headers=cabecalhos, allow_redirects=False, timeout=self._prazo()
            ) as resposta:
                await resposta.read()
                return str(resposta.status)
        except TimeoutError:
            return "timeout"
        except aiohttp.ClientError as erro:
            return type(erro).__name__

    def _entregue(self, entrega: Entrega, acao: Acao | None) -> None:
        entrega.estado = "delivered"
        self.contagem["delivered"] += 1
        if entrega.copia_de is not None:
            return
        if acao is not None and acao.kind in ("dup_webhook", "storm"):
            for _ in range(acao.times):
                self._copiar(entrega, 0)
        elif self.ajustes.dup_ratio and self._sorteio.fracao("dup", entrega.alvo.identidade) < self.ajustes.dup_ratio:
            self._copiar(entrega, int(self._sorteio.fracao("dup_by", entrega.alvo.identidade) * _DUPLICACAO))

    def _reagendar(self, entrega: Entrega, quando: int) -> None:
        """Counted from the start of the attempt that failed, until the webhook is seven days old or given up."""
        self.contagem["failed"] += 1
        feitas = len(entrega.tentativas)
        esperas = entrega.remetente.esperas
        espera = esperas[feitas - 1] if feitas <= len(esperas) else entrega.remetente.espera_final
        if espera is None:
            self._desistir(entrega)
            return
        proxima = quando + espera
        limite = entrega.criada_em + VIDA
        if proxima <= limite:
            self._adiar(entrega, max(1, proxima - self._relogio.agora()))
            return
        self._em(max(1, limite - self._relogio.agora()), partial(self._desistir, entrega))

    def _desistir(self, entrega: Entrega) -> None:
        if entrega.estado == "queued":
            entrega.estado = "dropped"
            self.contagem["dropped"] += 1


def _da_meta(app: App) -> Remetente:
    return Remetente("meta", app.app_id, app.app_secret, _AGENTE, ESPERAS, _ESPERA_FINAL)


def _falsificar(entrega: Entrega, modo: str) -> tuple[bytes, str]:
    """Meta's forgeries fail by their signature, UaiZap's by the token in the body: there is nothing else to check."""
    segredo = entrega.remetente.segredo
    if entrega.remetente.provedor == "uaizap":
        return token_alheio(entrega.corpo, segredo), ""
    return assinar_mal(modo, entrega.corpo, segredo)
