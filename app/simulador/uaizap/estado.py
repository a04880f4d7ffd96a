"""What the gateway remembers: servers, instances, their messages and conversations."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from app.simulador.destinatarios import Comportamento
from app.simulador.limites import JanelaEstrita
from app.simulador.livro import Tentativa
from app.simulador.relogio import DIA, SEGUNDO
from app.simulador.sorteio import Sorteio
from app.simulador.uaizap.erros import Recusado

Status = Literal["disconnected", "connecting", "connected"]
SERVIDOR_PADRAO = "default"
VIDA_DAS_MENSAGENS = 7 * DIA
_MINUTO = 60 * SEGUNDO


class ConfigWebhook(msgspec.Struct, kw_only=True, rename="camel"):
    """Without ``events`` every event is sent."""

    url: str
    id: str = ""
    enabled: bool = True
    events: list[str] = []
    exclude_messages: list[str] = []
    add_url_events: bool = False
    add_url_types_messages: bool = False


class Servidor(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One host of the gateway; all share the simulator's port and are told apart by the admin token."""

    host_key: str
    admin_token: str
    max_connected: int | None = None
    global_webhook: list[ConfigWebhook] = []


@dataclass(slots=True)
class Mensagem:
    """One message in either direction; ``usuario`` is the peer, canonical like in the ledger."""

    id: str
    usuario: str
    chatid: str
    quando: int
    tipo: str
    de_mim: bool = True
    por_api: bool = True
    texto: str = ""
    conteudo: Any = ""
    classe: str = "text"
    media_type: str = ""
    status: str = ""
    track_id: str = ""
    track_source: str = ""
    quoted: str = ""
    edited: str = ""
    reaction: str = ""
    botao: str = ""
    vote: str = ""
    midia_id: str = ""
    visivel_em: int = 0
    lida_por: str = ""
    tentativa: Tentativa | None = None


@dataclass(slots=True)
class Pendente:
    """A message in the gateway's own queue."""

    mensagem: Mensagem
    comportamento: Comportamento
    espera: int


@dataclass(slots=True)
class Instancia:
    """A linked device. ``sessao`` outlives a transient drop; ``geracao`` tells old timers from current ones.

    ``retidos`` are the messages and receipts that WhatsApp keeps for a device that is away.
    """

    id: str
    token: str
    name: str
    host_key: str
    criada_em: int
    owner: str = ""
    status: Status = "disconnected"
    sessao: bool = False
    reiniciando: bool = False
    reiniciada_em: int | None = None
    geracao: int = 0
    aparelho: int = 0
    conectando_desde: int = 0
    paircode: str = ""
    queda_em: int | None = None
    motivo_da_queda: str = ""
    ficha: dict[str, Any] = field(default_factory=dict)
    delay_min: float = 0
    delay_max: float = 0
    webhooks: list[ConfigWebhook] = field(default_factory=list)
    janela: JanelaEstrita = field(default_factory=lambda: JanelaEstrita(0, _MINUTO))
    mensagens: dict[str, Mensagem] = field(default_factory=dict)
    retidos: list[Callable[[], None]] = field(default_factory=list)
    nao_lidas: dict[str, dict[str, Mensagem]] = field(default_factory=dict)
    por_ler: Counter[str] = field(default_factory=Counter)
    conversas: set[str] = field(default_factory=set)
    bloqueados: set[str] = field(default_factory=set)
    novas: deque[int] = field(default_factory=deque)
    trava_ate: int = 0
    fila: deque[Pendente] = field(default_factory=deque)
    fila_marcada: bool = False
    processando: bool = False
    pastas: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def conectada(self) -> bool:
        return self.status == "connected"

    def novas_no_dia(self, agora: int) -> int:
        while self.novas and self.novas[0] <= agora - DIA:
            self.novas.popleft()
        return len(self.novas)

    def travar(self, agora: int, segundos: float) -> int:
        """WhatsApp's time-lock; a running one is not prolonged."""
        if agora >= self.trava_ate:
            self.trava_ate = agora + int(segundos * SEGUNDO)
            self.novas.clear()
        return self.trava_ate

    def guardar(self, mensagem: Mensagem) -> None:
        self.mensagens[mensagem.id] = mensagem

    def achar(self, id_: str, agora: int) -> Mensagem | None:
        """By bare id or by the form with the owner before it."""
        mensagem = self.mensagens.get(id_.rpartition(":")[2])
        return mensagem if mensagem is not None and mensagem.quando > agora - VIDA_DAS_MENSAGENS else None

    def recomecar(self) -> None:
        """Forgets what happened, keeps the device; a pairing that was going on is over, and a drop healed."""
        self.status = "connected" if self.sessao else "disconnected"
        self.geracao += 1
        self.reiniciando = self.processando = self.fila_marcada = False
        self.reiniciada_em = None
        self.trava_ate = 0
        self.janela = JanelaEstrita(0, _MINUTO)
        for memoria in (
            self.mensagens,
            self.retidos,
            self.nao_lidas,
            self.por_ler,
            self.conversas,
            self.bloqueados,
            self.novas,
            self.fila,
            self.pastas,
        ):
            memoria.clear()


class Uaizap:
    """Registry of servers and instances. ``url`` is where the port listens, set when it opens."""

    def __init__(self, sorteio: Sorteio) -> None:
        self._sorteio = sorteio
        self.url = ""
        self.servidores: dict[str, Servidor] = {}
        self.instancias: dict[str, Instancia] = {}

    def recomecar(self, *, manter: bool) -> None:
        if not manter:
            self.servidores.clear()
            self.instancias.clear()
        for instancia in self.instancias.values():
            instancia.recomecar()

    def criar(self, nome: str, host_key: str, agora: int, token: str = "") -> Instancia:
        # Ids kept through a reset must not come up again.
        sorte = self._sorte(nome, host_key)
        while "r" + sorte[30:44] in self.instancias:
            sorte = self._sorte(nome, host_key)
        uuid = f"{sorte[:8]}-{sorte[8:12]}-4{sorte[12:15]}-8{sorte[15:18]}-{sorte[18:30]}"
        instancia = Instancia("r" + sorte[30:44], token or uuid, nome, host_key, agora)
        self.instancias[instancia.id] = instancia
        return instancia

    def _sorte(self, nome: str, host_key: str) -> str:
        chave = f"{host_key}|{nome}"
        return self._sorteio.bytes_de("instancia", chave, self._sorteio.vez(f"instancia|{chave}")).hex()

    def por_token(self, token: str) -> Instancia | None:
        return next((i for i in self.instancias.values() if i.token == token), None)

    def servidor_de(self, instancia: Instancia) -> Servidor | None:
        return self.servidores.get(instancia.host_key)

    def autenticar(self, token: str | None) -> Instancia:
        if not token:
            raise Recusado(401, "token", "missing token")
        instancia = self.por_token(token)
        if instancia is None:
            raise Recusado(401, "token", "Invalid token")
        return instancia

    def administrar(self, token: str | None) -> Servidor:
        if not token:
            raise Recusado(401, "admintoken", "missing admintoken")
        for servidor in self.servidores.values():
            if servidor.admin_token == token:
                return servidor
        raise Recusado(403, "admintoken", "Invalid admintoken")

    def exigir_vaga(self, instancia: Instancia) -> None:
        """The server's cap of connected devices."""
        servidor = self.servidor_de(instancia)
        if servidor is None or servidor.max_connected is None:
            return
        outras = sum(i.conectada and i.host_key == instancia.host_key for i in self.instancias.values())
        if outras >= servidor.max_connected:
            raise Recusado(429, "max_connected", "Maximum number of connected instances reached")
