"""What the simulator is told when it starts; everything else is set live through the control API."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigSimulador:
    """Port 0 means any free port; ``Simulador`` tells which one was taken."""

    chave_controle: str
    host: str = "127.0.0.1"
    porta_meta: int = 9101
    porta_controle: int = 9100
    # Unlike the others, nobody who does not ask for it may lose a test to a port in use.
    porta_uaizap: int = 0
    diario: Path | None = None
    semente: int = 1
    preset: str | None = None
    webhook_allow: tuple[str, ...] = ("127.0.0.1", "::1", "localhost")

    def __post_init__(self) -> None:
        if not self.chave_controle:
            raise ValueError("the control API needs a key")
        if self.host != "localhost" and not ipaddress.ip_address(self.host).is_loopback:
            raise ValueError(f"the simulator only listens on loopback, not on {self.host}")
