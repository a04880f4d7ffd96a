"""The whole simulated world: every part, the settings in force, and the answers they share."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from app.simulador.cenario import AjustesMeta, AjustesUaizap, Cenario, preset
from app.simulador.config import ConfigSimulador
from app.simulador.contas import Contas, Numero, Waba
from app.simulador.destinatarios import Comportamento, Destinatarios
from app.simulador.diario import DiarioJsonl
from app.simulador.erros import LIMITES, Negado, corpo_erro, linha
from app.simulador.eventos import Item, Valor, contato
from app.simulador.falhas import Falhas
from app.simulador.http import Pedido, Provedor, Resposta
from app.simulador.identidade import digesto
from app.simulador.limites import LimitePar
from app.simulador.livro import Livro
from app.simulador.midia import Midias
from app.simulador.modelos import Modelos
from app.simulador.relogio import Relogio
from app.simulador.sorteio import Sorteio
from app.simulador.uaizap import erros as erros_uaizap
from app.simulador.uaizap.estado import Uaizap
from app.simulador.webhooks import Webhooks

_PEDIDOS_RETIDOS = 20_000
CORPO_REGISTRADO = 2_000


class RegistroPedido(msgspec.Struct):
    """One line of the request journal; secrets are masked before they get here."""

    seq: int
    at: float
    provider: Provedor
    method: str
    path: str
    token_fingerprint: str
    body: str
    http: int | None
    code: int | str | None
    request_id: str


class Mundo:
    def __init__(self, config: ConfigSimulador) -> None:
        self.config = config
        self.inicio = time.monotonic()
        self.relogio = Relogio()
        self.sorteio = Sorteio(config.semente)
        self.ajustes = AjustesMeta()
        self.ajustes_uaizap = AjustesUaizap()
        self.contas = Contas()
        self.modelos = Modelos()
        self.midias = Midias()
        self.destinatarios = Destinatarios(self.sorteio)
        self.falhas = Falhas(self.sorteio)
        self.uaizap = Uaizap(self.sorteio)
        self.pares = LimitePar()
        # Last time each user wrote to each number: the customer service window.
        self.ultima_fala: dict[tuple[str, str], int] = {}
        self.recebidas: set[tuple[str, str]] = set()
        self.aceitas_por_par: Counter[tuple[str, str]] = Counter()
        self.spam_por_numero: Counter[str] = Counter()
        self.chamadas_de_gestao: defaultdict[str, deque[int]] = defaultdict(deque)
        self.registros_de_numero: defaultdict[str, deque[int]] = defaultdict(deque)
        self.diario = DiarioJsonl(config.diario) if config.diario is not None else None
        self.livro = Livro(self.diario)
        self.webhooks = Webhooks(self.relogio, self.sorteio, self.contas, self.falhas, config.webhook_allow)
        self.pedidos: deque[RegistroPedido] = deque(maxlen=_PEDIDOS_RETIDOS)
        self.total_pedidos = 0
        # Set by the server: close the listener for a while, cut every connection.
        self.recusar: Callable[[Provedor, float], Awaitable[None]] = _nada
        self.cortar_conexoes: Callable[[], None] = lambda: None

    def carregar(self) -> None:
        """What the journal remembers, then the preset."""
        if self.diario is not None:
            self.livro.retomar(self.diario.ler())
            for tentativa in self.livro.tentativas:
                self.sorteio.retomar(f"envio|{tentativa.identidade}")
        self.aplicar(preset(self.config.preset) if self.config.preset else Cenario())

    def aplicar(self, cenario: Cenario) -> None:
        """Replaces settings, recipients' mix and faults; accounts and ledger stay."""
        if cenario.seed is not None:
            self.sorteio.semente = cenario.seed
        if cenario.clock is not None:
            agora = cenario.clock.now
            self.relogio.configurar(cenario.clock.mode, cenario.clock.factor, None if agora is None else agora * 1000)
        trocou_limitador = cenario.meta.limiter != self.ajustes.limiter
        self.ajustes = cenario.meta
        self.ajustes_uaizap = cenario.uaizap
        self.webhooks.ajustes = cenario.webhook
        self.destinatarios.mistura = cenario.recipients_mix
        self.falhas.remover()
        for regra in cenario.faults:
            self.falhas.instalar(regra, self.relogio.agora())
        if trocou_limitador:
            self.contas.esvaziar_limites(self.ajustes.limiter, self.relogio.agora())

    async def zerar(self, semente: int | None, *, manter: bool) -> None:
        """Empties ledger, buckets, queues and the clock's offset; accounts too unless they are to be kept."""
        self.relogio.descartar(todos=True)
        await self.webhooks.esvaziar()
        self.livro.esvaziar()
        if self.diario is not None:
            self.diario.esvaziar()
        self.sorteio.recomecar(self.sorteio.semente if semente is None else semente)
        self.relogio.configurar("real", agora=time.time_ns() // 1000)
        self.pares = LimitePar()
        self.ultima_fala.clear()
        self.recebidas.clear()
        self.aceitas_por_par.clear()
        self.spam_por_numero.clear()
        self.pedidos.clear()
        self.chamadas_de_gestao.clear()
        self.registros_de_numero.clear()
        self.uaizap.recomecar(manter=manter)
        if not manter:
            self.contas.limpar()
            self.modelos.limpar()
            self.destinatarios.limpar()
            self.midias.limpar()
            self.aplicar(Cenario())
        self.falhas.recomecar(self.relogio.agora())
        self.contas.esvaziar_limites(self.ajustes.limiter, self.relogio.agora())

    def cair(self) -> None:
        """A crash: connections and volatile timers are lost, what was written down is not."""
        self.relogio.descartar()
        self.cortar_conexoes()

    def resposta_erro(self, erro: Negado, pedido: Pedido) -> Resposta:
        http = linha(erro.codigo).http
        cabecalhos = {}
        if erro.codigo in LIMITES:
            http = self.ajustes.throttle_http_status
            if http == 429 and self.ajustes.retry_after:
                cabecalhos["Retry-After"] = "1"
        corpo = corpo_erro(erro, pedido.fbtrace, transitorio=self.ajustes.emit_is_transient)
        return Resposta(http=http, corpo=corpo, codigo=erro.codigo, cabecalhos=cabecalhos)

    def resposta_de_codigo(self, codigo: int, pedido: Pedido) -> Resposta:
        """The error a fault asks for, in the provider's own shape."""
        if pedido.provedor == "uaizap":
            instancia = self.uaizap.instancias.get(pedido.no)
            if codigo == 463 and instancia is not None:
                ate = instancia.travar(self.relogio.agora(), self.ajustes_uaizap.timelock_s)
                return erros_uaizap.restrita(ate).resposta()
            return erros_uaizap.resposta_de_codigo(codigo)
        return self.resposta_erro(Negado(codigo), pedido)

    def registrar(self, pedido: Pedido, resposta: Resposta, corpo: str) -> None:
        """Adds a line to the request journal; ``corpo`` comes without secrets."""
        self.pedidos.append(
            RegistroPedido(
                seq=self.total_pedidos,
                at=self.relogio.agora() / 1000,
                provider=pedido.provedor,
                method=pedido.metodo,
                path=pedido.caminho,
                token_fingerprint=digesto((pedido.autorizacao or "").encode()),
                body=corpo,
                http=resposta.http if resposta.modo in ("inteira", "lenta", "truncada") else None,
                code=resposta.codigo,
                request_id=pedido.id,
            )
        )

    def publicar(
        self, waba_id: str, numero: Numero | None, campo: str, valor: Valor, chave: str = "", recipient: str = ""
    ) -> int:
        waba = self.contas.wabas.get(waba_id)
        if waba is None:
            return 0
        no = numero.phone_number_id if numero is not None else ""
        return self.webhooks.publicar(waba, numero, [Item(waba_id, campo, valor, chave, recipient, no)])

    def pessoa(self, waba: Waba, usuario: str, comportamento: Comportamento) -> dict[str, Any]:
        """The ``contacts`` entry of a user, as this portfolio sees them."""
        return contato(
            self.destinatarios.nome(usuario),
            self.destinatarios.wa_id(usuario, comportamento),
            self.destinatarios.bsuid(waba.portfolio_id, usuario),
        )


async def _nada(_: Provedor, __: float) -> None:
    return None
