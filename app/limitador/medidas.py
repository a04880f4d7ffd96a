"""What the limiter tells about itself: counters per number and how late slots wake up."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from app.limitador.modelo import Concessao, Numero


@dataclass(slots=True)
class Conta:
    """One number as this process last saw it. In flight, reservoir and pace are those of all processes."""

    numero: Numero
    na_fila: int = 0
    concedidas: int = 0
    entradas: int = 0
    perdidas: int = 0
    esgotamentos: int = 0
    nascimentos: int = 0
    teto_numero: int = 0
    entrada_por_segundo: int = 0
    pedido_em: float = float("-inf")
    recuou_em: float = float("-inf")
    ultima: Concessao = field(default_factory=lambda: Concessao([]))

    def anotar(self, concessao: Concessao) -> None:
        self.concedidas += len(concessao.permissoes)
        self.esgotamentos += concessao.esgotou
        self.nascimentos += concessao.nasceu
        self.ultima = concessao

    def como_dict(self) -> dict[str, Any]:
        return {
            "cliente_id": str(self.numero.cliente_id),
            "conexao_id": str(self.numero.conexao_id),
            "autoridade": str(self.numero.autoridade),
            "epoca": self.numero.epoca,
            "teto": self.teto_numero or self.numero.teto,
            "teto_efetivo": self.numero.teto,
            "entrada_por_segundo": self.entrada_por_segundo,
            "em_voo": self.ultima.em_voo,
            "na_fila": self.na_fila,
            "reservatorio": self.ultima.reservatorio,
            "esgotamentos": self.esgotamentos,
            "nascimentos": self.nascimentos,
            "concedidas": self.concedidas,
            "entradas": self.entradas,
            "perdidas": self.perdidas,
            "concorrencia": self.ultima.concorrencia,
            "ritmo": self.ultima.ritmo,
            "latencia_s": self.ultima.latencia_s,
        }


class Atrasos:
    """The lateness of the last wake-ups; its p99 says whether a low rate is the machine's fault."""

    def __init__(self, quantos: int = 4096) -> None:
        self._amostras: deque[float] = deque(maxlen=quantos)

    def anotar(self, atraso_s: float) -> None:
        self._amostras.append(atraso_s)

    def como_dict(self) -> dict[str, float]:
        ordem = sorted(self._amostras)
        if not ordem:
            return {"amostras": 0}
        return {
            "amostras": len(ordem),
            "p50_ms": round(ordem[len(ordem) // 2] * 1e3, 3),
            "p99_ms": round(ordem[len(ordem) * 99 // 100] * 1e3, 3),
        }
