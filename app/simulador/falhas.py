"""Fault rules: which requests or webhooks are hurt, how, and how often."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.simulador.http import Provedor
from app.simulador.relogio import SEGUNDO
from app.simulador.sorteio import Sorteio

Etapa = Literal["before_read", "pre_accept", "post_accept", "webhook"]
Especie = Literal[
    "refuse",
    "reset",
    "hang",
    "delay",
    "status",
    "truncate",
    "slow_body",
    "error_code",
    "throttle",
    "outage",
    "drop_webhook",
    "delay_webhook",
    "dup_webhook",
    "reorder_webhook",
    "bad_signature",
    "storm",
]
_DE_WEBHOOK = frozenset({"drop_webhook", "delay_webhook", "dup_webhook", "reorder_webhook", "bad_signature", "storm"})
# At the webhook stage these make the receiver look unreachable: the attempt fails and is retried on schedule.
_DE_RECEPTOR = frozenset({"refuse", "status", "delay"})


class Acao(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    kind: Especie
    seconds: float = 0
    ms: int | tuple[int, int] = 0
    http: int = 500
    code: int = 131000
    html: bool = False
    body: dict[str, Any] | None = None
    bytes: int = 20
    factor: float = 1.0
    times: int = 1
    mode: str = "wrong_secret"


class Filtro(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """``between`` counts seconds since the rule was installed, so a scenario can be written beforehand."""

    path: str | None = None
    number: str | None = None
    recipient: str | None = None
    type: str | None = None
    callback_prefix: str | None = None
    nth: list[int] | None = None
    every: int | None = None
    ratio: float | None = None
    between: tuple[float, float] | None = None


class Regra(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    stage: Etapa
    action: Acao
    id: str = ""
    provider: Provedor = "meta"
    match: Filtro = Filtro()
    limit: int | None = None
    matched: int = 0
    vistos: int = 0
    desde: int = 0

    def __post_init__(self) -> None:
        especie = self.action.kind
        if self.stage == "webhook" and especie not in _DE_WEBHOOK | _DE_RECEPTOR:
            raise ValueError(f"{especie} does not apply to webhooks")
        if self.stage != "webhook" and especie in _DE_WEBHOOK:
            raise ValueError(f"{especie} only applies to webhooks")


class Alvo(msgspec.Struct, frozen=True):
    """What a rule judges: one request or one webhook, and the identity that makes its draws repeatable."""

    path: str
    number: str
    recipient: str
    callback: str
    identidade: str
    type: str = ""
    provider: Provedor = "meta"


class Falhas:
    def __init__(self, sorteio: Sorteio) -> None:
        self._sorteio = sorteio
        self._regras: dict[str, Regra] = {}
        self._por_etapa: dict[tuple[Provedor, Etapa], list[Regra]] = {}
        self._estranguladas: list[Regra] = []
        self._apagoes: list[Regra] = []

    def instalar(self, regra: Regra, agora: int) -> str:
        if not regra.id:
            livre = len(self._regras) + 1
            while f"fault-{livre}" in self._regras:
                livre += 1
            regra.id = f"fault-{livre}"
        regra.desde = agora
        self._regras[regra.id] = regra
        self._indexar()
        return regra.id

    def remover(self, id_: str | None = None) -> bool:
        if id_ is None:
            self._regras.clear()
        elif self._regras.pop(id_, None) is None:
            return False
        self._indexar()
        return True

    def recomecar(self, agora: int) -> None:
        """The same rules, as if they had just been installed."""
        for regra in self._regras.values():
            regra.matched = regra.vistos = 0
            regra.desde = agora

    def lista(self) -> list[dict[str, Any]]:
        return [
            {
                "fault_id": r.id,
                "provider": r.provider,
                "stage": r.stage,
                "match": r.match,
                "action": r.action,
                "matched": r.matched,
            }
            for r in self._regras.values()
        ]

    def ativa(self, etapa: Etapa, provedor: Provedor) -> bool:
        """Cheap question asked by the hot path before it builds anything."""
        return (provedor, etapa) in self._por_etapa

    def decidir(self, etapa: Etapa, alvo: Alvo, agora: int) -> tuple[Acao, float] | None:
        """The first rule that fires, with a draw in [0, 1) for actions that need one."""
        for regra in self._por_etapa.get((alvo.provider, etapa), ()):
            if self._casa(regra, alvo, agora):
                regra.matched += 1
                sorte = f"{regra.id}#acao"
                vez = self._sorteio.vez(f"{sorte}|{alvo.identidade}")
                return regra.action, self._sorteio.fracao(sorte, alvo.identidade, vez)
        return None

    def fator(self, provedor: Provedor, numero: str, agora: int) -> float:
        """How much a throttle leaves of the rate of a number or an instance."""
        fator = 1.0
        for regra in self._estranguladas:
            if regra.provider == provedor and _vale_agora(regra, agora) and regra.match.number in (None, numero):
                fator *= regra.action.factor
        return fator

    def apagao(self, provedor: Provedor, agora: int) -> bool:
        return any(r.provider == provedor and _vale_agora(r, agora) for r in self._apagoes)

    def _casa(self, regra: Regra, alvo: Alvo, agora: int) -> bool:
        filtro = regra.match
        if regra.limit is not None and regra.matched >= regra.limit:
            return False
        if not (_vale_agora(regra, agora) and _e_dele(filtro, alvo)):
            return False
        regra.vistos += 1
        if filtro.nth is not None and regra.vistos not in filtro.nth:
            return False
        if filtro.every is not None and regra.vistos % filtro.every:
            return False
        if filtro.ratio is None:
            return True
        vez = self._sorteio.vez(f"{regra.id}|{alvo.identidade}")
        return self._sorteio.fracao(regra.id, alvo.identidade, vez) < filtro.ratio

    def _indexar(self) -> None:
        self._por_etapa = {}
        for regra in self._regras.values():
            if regra.action.kind not in ("throttle", "outage"):
                self._por_etapa.setdefault((regra.provider, regra.stage), []).append(regra)
        self._estranguladas = [r for r in self._regras.values() if r.action.kind == "throttle"]
        self._apagoes = [r for r in self._regras.values() if r.action.kind == "outage"]


def _vale_agora(regra: Regra, agora: int) -> bool:
    if regra.match.between is None:
        return True
    inicio, fim = regra.match.between
    return inicio <= (agora - regra.desde) / SEGUNDO < fim


def _e_dele(filtro: Filtro, alvo: Alvo) -> bool:
    return (
        (filtro.number is None or filtro.number == alvo.number)
        and (filtro.recipient is None or filtro.recipient == alvo.recipient)
        and (filtro.type is None or filtro.type == alvo.type)
        and (filtro.callback_prefix is None or alvo.callback.startswith(filtro.callback_prefix))
        and (filtro.path is None or filtro.path in alvo.path)
    )


def milissegundos(acao: Acao, ponto: float) -> int:
    """The delay of an action: fixed, or drawn between two bounds."""
    if isinstance(acao.ms, tuple):
        minimo, maximo = acao.ms
        return minimo + int(ponto * (maximo - minimo))
    return acao.ms
