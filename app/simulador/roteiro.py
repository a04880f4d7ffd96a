"""What happens to an accepted message: which statuses, when, and whether the phone gets it."""

from __future__ import annotations

from typing import NamedTuple

from app.simulador.destinatarios import Comportamento
from app.simulador.relogio import SEGUNDO
from app.simulador.sorteio import fracao

_MS = 1000
_POSTO = {"failed": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4}
_ROTEIRO_COMUM = ("sent", "delivered", "read")
_LEITORES = 0.8


class Passo(NamedTuple):
    """One status, so many microseconds after acceptance."""

    apos: int
    status: str
    codigo: int | None = None


class Plano(NamedTuple):
    passos: tuple[Passo, ...]
    entrega_apos: int | None
    final: str


def planejar(comportamento: Comportamento, falha: int | None, tipo: str, origem: bytes) -> Plano:
    """The timeline, drawn from ``origem``: sent 200-900 ms, delivered +0.3-3 s, read +2-60 s for 80 % of people."""
    enviada = 200 * _MS + int(fracao(origem, 0) * 700 * _MS)
    entregue = enviada + 300 * _MS + int(fracao(origem, 1) * 2700 * _MS)
    lida = entregue + 2 * SEGUNDO + int(fracao(origem, 2) * 58 * SEGUNDO)
    natural = {"failed": enviada, "sent": enviada, "delivered": entregue, "read": lida, "played": lida + SEGUNDO}
    roteiro = comportamento.roteiro
    if falha is not None:
        if "failed" not in roteiro or falha != comportamento.falha:
            return Plano((Passo(enviada + comportamento.atraso_s * SEGUNDO, "failed", falha),), None, "failed")
        natural["delivered"] = enviada + 5 * SEGUNDO
    elif roteiro == _ROTEIRO_COMUM and fracao(origem, 3) >= _LEITORES:
        roteiro = ("sent", "delivered")
    if tipo != "audio":
        roteiro = tuple(s for s in roteiro if s != "played")
    # Statuses keep the script's order even where that is not the natural one.
    passos: list[Passo] = []
    ultimo = 0
    for status in roteiro:
        ultimo = max(natural[status], ultimo + _MS)
        passos.append(Passo(ultimo + comportamento.atraso_s * SEGUNDO, status, falha if status == "failed" else None))
    final = max(roteiro, key=_POSTO.__getitem__)
    chega = "delivered" in roteiro or "read" in roteiro
    return Plano(tuple(passos), natural["delivered"] if chega else None, final)


def falha_prevista(comportamento: Comportamento, *, marketing: bool, midia: bool, anteriores: int) -> int | None:
    """The failure this recipient gives to this message, if any."""
    if comportamento.falha is None:
        return None
    condicoes = {None: True, "marketing": marketing, "media": midia, "second": anteriores > 0}
    return comportamento.falha if condicoes[comportamento.so_quando] else None
