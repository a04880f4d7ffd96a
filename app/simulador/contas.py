"""Business side of the Meta world: apps, accounts, numbers and tokens.

The structs are the wire format of the control API, so their names are the provider's.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec

from app.simulador.erros import Negado, inexistente
from app.simulador.limites import Balde, JanelaEstrita, Portfolio, Vazao

Estado = Literal["ok", "locked", "policy", "billing", "name_pending", "upgrading"]
Nivel = Literal["standard", "high", "coexistence"]
TAXAS: dict[str, int] = {"standard": 80, "high": 1000, "coexistence": 20}
ERRO_DE_ESTADO: dict[str, int] = {
    "locked": 131031,
    "policy": 368,
    "billing": 131042,
    "name_pending": 131037,
    "upgrading": 131057,
}
_PONTUACAO = str.maketrans("", "", "+-() ")
ESCOPO_ENVIO = "whatsapp_business_messaging"
ESCOPO_GESTAO = "whatsapp_business_management"
T = TypeVar("T", bound=msgspec.Struct)


class App(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    app_id: str
    app_secret: str
    verify_token: str
    callback_url: str
    verified: bool = False


class Desvio(msgspec.Struct, forbid_unknown_fields=True):
    """A callback that overrides the app's own, for one account or one number."""

    url: str
    verify_token: str = ""


class Waba(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``subscribed`` defaults to every app, as if the account had been connected before the simulator began."""

    waba_id: str
    portfolio_id: str = ""
    app_ids: list[str] = []
    subscribed: list[str] | None = None
    messaging_limit: int = -1
    state: Estado = "ok"
    marketing_enabled: bool = True
    overrides: dict[str, Desvio] = {}

    def __post_init__(self) -> None:
        if self.subscribed is None:
            self.subscribed = list(self.app_ids)
        self.portfolio_id = self.portfolio_id or f"portfolio-{self.waba_id}"

    @property
    def inscritos(self) -> list[str]:
        return self.subscribed or []


class Numero(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    verified_name: str = "Empresa Exemplo"
    throughput: Nivel = "standard"
    burst: int | None = None
    quality: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] = "GREEN"
    status: str = "CONNECTED"
    registered: bool = True
    state: Estado = "ok"
    pin: str = "123456"
    test_recipients: list[str] | None = None
    excluded_countries: list[str] = []
    forbidden_fields: list[str] = []
    override: Desvio | None = None
    profile: dict[str, Any] = {}

    @property
    def proprio(self) -> str:
        """The number's own digits."""
        return self.display_phone_number.translate(_PONTUACAO)

    @property
    def taxa(self) -> int:
        return TAXAS[self.throughput]


class Token(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``expires_at`` is in unix milliseconds, like every instant of the control API."""

    token: str
    waba_ids: list[str]
    scopes: tuple[str, ...] = (ESCOPO_ENVIO, ESCOPO_GESTAO)
    expires_at: int | None = None
    revoked: bool = False


def alterar(objeto: T, mudancas: dict[str, Any]) -> T:
    """The same struct with some fields replaced, validated as if it had just arrived."""
    return msgspec.convert({**msgspec.to_builtins(objeto), **mudancas}, type(objeto))


class Contas:
    """Registry of the business side. Limiter state lives beside its owner and survives edits."""

    def __init__(self) -> None:
        self.apps: dict[str, App] = {}
        self.wabas: dict[str, Waba] = {}
        self.numeros: dict[str, Numero] = {}
        self.tokens: dict[str, Token] = {}
        self.baldes: dict[str, Vazao] = {}
        self.portfolios: dict[str, Portfolio] = {}

    def por_waba(self, waba: Waba) -> None:
        self.wabas[waba.waba_id] = waba
        existente = self.portfolios.setdefault(waba.portfolio_id, Portfolio(waba.messaging_limit))
        existente.limite = waba.messaging_limit

    def por_numero(self, numero: Numero, limitador: str, agora: int) -> None:
        """Stores the number; a known one keeps what is left of its bucket."""
        self.numeros[numero.phone_number_id] = numero
        balde = self.baldes.get(numero.phone_number_id)
        burst = numero.burst or numero.taxa
        if balde is None:
            self.baldes[numero.phone_number_id] = novo_balde(numero, limitador, agora)
        elif balde.taxa != numero.taxa or (isinstance(balde, Balde) and balde.burst != burst):
            balde.mudar_taxa(numero.taxa, burst, agora)

    def limpar(self) -> None:
        for registro in (self.apps, self.wabas, self.numeros, self.tokens, self.baldes, self.portfolios):
            registro.clear()

    def esvaziar_limites(self, limitador: str, agora: int) -> None:
        """Full buckets and empty portfolios, as at the start."""
        self.baldes = {n.phone_number_id: novo_balde(n, limitador, agora) for n in self.numeros.values()}
        self.portfolios = {w.portfolio_id: Portfolio(w.messaging_limit) for w in self.wabas.values()}

    def autenticar(self, autorizacao: str | None, agora_ms: int) -> Token:
        """Stages 2 to 4."""
        if not autorizacao:
            raise Negado(104)
        esquema, _, segredo = autorizacao.partition(" ")
        token = self.tokens.get(segredo) if esquema.lower() == "bearer" else None
        if token is None:
            raise Negado(190, "Invalid OAuth access token - Cannot parse access token.")
        if token.expires_at is not None and agora_ms >= token.expires_at:
            raise Negado(190, "Session has expired.", subcodigo=463)
        if token.revoked:
            raise Negado(190, "The session has been invalidated.", subcodigo=460)
        return token

    def numero_de(self, token: Token, phone_number_id: str) -> tuple[Numero, Waba]:
        """Stage 5: a number exists only for tokens of its own account."""
        numero = self.numeros.get(phone_number_id)
        if numero is None or numero.waba_id not in token.waba_ids:
            raise inexistente()
        return numero, self.waba_de(token, numero.waba_id)

    def waba_de(self, token: Token, waba_id: str) -> Waba:
        waba = self.wabas.get(waba_id)
        if waba is None or waba_id not in token.waba_ids:
            raise inexistente()
        return waba


def novo_balde(numero: Numero, limitador: str, agora: int) -> Vazao:
    if limitador == "strict_window":
        return JanelaEstrita(numero.taxa)
    return Balde(numero.taxa, numero.burst or numero.taxa, agora)


def exigir_escopo(token: Token, escopo: str) -> None:
    """Stage 6."""
    if escopo not in token.scopes:
        raise Negado(10, f"The token lacks {escopo}.")


def exigir_estado(numero: Numero, waba: Waba) -> None:
    """Stage 7."""
    if not numero.registered:
        raise Negado(133010)
    for estado in (numero.state, waba.state):
        if estado != "ok":
            raise Negado(ERRO_DE_ESTADO[estado])
