"""The scenario document, and the presets shipped with the simulator."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.simulador.destinatarios import COMPORTAMENTOS, MAGICOS, Mistura
from app.simulador.falhas import Regra


class AjustesRelogio(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """``now`` is in unix milliseconds."""

    mode: Literal["real", "scaled", "manual"] = "real"
    factor: float = 1.0
    now: int | None = None


class AjustesMeta(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    limiter: Literal["bucket", "strict_window"] = "bucket"
    throttle_http_status: Literal[400, 429] = 400
    retry_after: bool = False
    emit_is_transient: bool = True
    window_mode: Literal["async", "sync", "mixed"] = "async"
    limit_mode: Literal["async_131048", "sync_131048", "hold"] = "async_131048"
    management_quota: bool = False
    payload_version: int = 25
    contacts_in_statuses: bool = True
    shape: Literal["wamid", "opaque"] = "wamid"
    template_review_s: float = 60
    latency_ms: tuple[float, float] | None = None


class AjustesLote(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    max_items: int = 1
    linger_ms: int = 50


class AjustesWebhook(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """``timeout_s`` is wall time: the receiver does not live on the simulated clock."""

    dup_ratio: float = 0
    reorder_ratio: float = 0
    batch: AjustesLote = AjustesLote()
    timeout_s: float = 10
    escape_slashes: bool = True
    concurrency: int = 32


class AjustesUaizap(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """``timelock_after_new_chats`` counts per day; ``drop_every_s`` and ``reconnect_s`` make sessions flaky."""

    send_latency_ms: tuple[float, float] | None = None
    rate_per_min: int = 60
    not_on_whatsapp_ratio: float = 0
    not_on_whatsapp_http: int = 500
    timelock_after_new_chats: int | None = None
    timelock_s: float = 21_600
    drop_every_s: float | None = None
    reconnect_s: float = 5
    webhook_attempts: int = 3
    echo_delay_ms: int = 300
    find_lag_ms: int = 0
    jid_as_object: bool = False
    response_wrapper: bool = False
    noise: bool = False

    def __post_init__(self) -> None:
        if self.webhook_attempts < 1 or (self.drop_every_s is not None and self.drop_every_s <= 0):
            raise ValueError("webhook_attempts and drop_every_s must be positive")


class Cenario(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    seed: int | None = None
    clock: AjustesRelogio | None = None
    meta: AjustesMeta = AjustesMeta()
    webhook: AjustesWebhook = AjustesWebhook()
    uaizap: AjustesUaizap = AjustesUaizap()
    recipients_mix: list[Mistura] = []
    faults: list[Regra] = []

    def __post_init__(self) -> None:
        for parte in self.recipients_mix:
            if parte.behaviour not in COMPORTAMENTOS and parte.behaviour not in MAGICOS:
                raise ValueError(f"unknown behaviour {parte.behaviour}")


def _falha(etapa: str, acao: dict[str, Any], **filtro: Any) -> dict[str, Any]:
    return {"stage": etapa, "action": acao, "match": filtro}


_MISTURA_DE_CAMPANHA = [
    {"behaviour": "131026", "ratio": 0.03},
    {"behaviour": "131049", "ratio": 0.02},
    {"behaviour": "no_read", "ratio": 0.35},
]
_PRESETS: dict[str, dict[str, Any]] = {
    # statuses come in batches, as the provider sends them under load
    "happy": {"webhook": {"batch": {"max_items": 50, "linger_ms": 200}}},
    "burst-campaign": {"recipients_mix": _MISTURA_DE_CAMPANHA, "meta": {"latency_ms": [60, 250]}},
    "hostile-network": {
        "meta": {"latency_ms": [60, 250]},
        "faults": [
            _falha("post_accept", {"kind": "hang"}, ratio=0.02, path="/messages"),
            _falha("before_read", {"kind": "reset"}, ratio=0.01, path="/messages"),
            _falha("post_accept", {"kind": "status", "http": 500}, ratio=0.01, path="/messages"),
            _falha("before_read", {"kind": "delay", "ms": [5, 120]}, ratio=0.2, path="/messages"),
        ],
    },
    "webhook-storm": {
        "webhook": {"dup_ratio": 0.3, "reorder_ratio": 0.5, "batch": {"max_items": 100, "linger_ms": 500}},
        "faults": [_falha("webhook", {"kind": "refuse"}, between=[60, 660])],
    },
    "template-paused-midway": {
        "faults": [_falha("pre_accept", {"kind": "error_code", "code": 132015}, between=[20, 1e9], type="template")],
    },
    "token-revoked-midway": {
        "faults": [_falha("before_read", {"kind": "error_code", "code": 190}, between=[20, 1e9])],
    },
    "username-users": {"recipients_mix": [{"behaviour": "username_only", "ratio": 0.3}]},
    "uaizap-timelock": {"uaizap": {"timelock_after_new_chats": 20}},
    "uaizap-flaky-session": {
        "uaizap": {"drop_every_s": 60, "find_lag_ms": 2_000, "send_latency_ms": [200, 1_500]},
        "faults": [
            _falha("post_accept", {"kind": "hang"}, ratio=0.02, path="/send/") | {"provider": "uaizap"},
            _falha("post_accept", {"kind": "status", "http": 500}, ratio=0.02, path="/send/") | {"provider": "uaizap"},
        ],
    },
    "brazil-nine": {"recipients_mix": [{"behaviour": "no_nine", "ratio": 0.5}]},
}
PRESETS = tuple(_PRESETS)


def preset(nome: str) -> Cenario:
    if nome not in _PRESETS:
        raise ValueError(f"unknown preset {nome}; there are {', '.join(PRESETS)}")
    return msgspec.convert(_PRESETS[nome], Cenario)
