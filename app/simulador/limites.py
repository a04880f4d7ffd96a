"""Limiters: throughput of a number, pair of number and user, and unique users of a portfolio."""

from __future__ import annotations

from collections import deque

from app.simulador.relogio import DIA, SEGUNDO

_FICHA = SEGUNDO
_PASSO_PAR = 6 * SEGUNDO
_RAJADA_PAR = 45


class Balde:
    """Token bucket with continuous refill, in integers: one token is a million parts."""

    __slots__ = ("_nivel", "_visto", "burst", "taxa")

    def __init__(self, taxa: int, burst: int, agora: int) -> None:
        self.taxa = taxa
        self.burst = burst
        self._nivel = burst * _FICHA
        self._visto = agora

    def mudar_taxa(self, taxa: int, burst: int, agora: int) -> None:
        self._encher(agora, 1.0)
        self.taxa = taxa
        self.burst = burst

    def tirar(self, agora: int, fator: float) -> bool:
        self._encher(agora, fator)
        if self._nivel < _FICHA:
            return False
        self._nivel -= _FICHA
        return True

    def devolver(self) -> None:
        self._nivel += _FICHA

    def debitar(self, agora: int, fator: float) -> None:
        """An inbound message takes its token, but is never refused."""
        self._encher(agora, fator)
        self._nivel = max(0, self._nivel - _FICHA)

    def nivel(self, agora: int) -> float:
        self._encher(agora, 1.0)
        return self._nivel / _FICHA

    def _encher(self, agora: int, fator: float) -> None:
        taxa = self.taxa if fator == 1.0 else int(self.taxa * fator)
        teto = self.burst * _FICHA if fator == 1.0 else int(self.burst * fator) * _FICHA
        # The control API may set the clock back; that must not drain the bucket.
        self._nivel = min(teto, self._nivel + max(0, agora - self._visto) * taxa)
        self._visto = agora


class JanelaEstrita:
    """Never more than the rate in any sliding second, or period of another length."""

    __slots__ = ("_passagens", "_periodo", "taxa")

    def __init__(self, taxa: int, periodo: int = SEGUNDO) -> None:
        self.taxa = taxa
        self._periodo = periodo
        self._passagens: deque[int] = deque()

    def mudar_taxa(self, taxa: int, burst: int, agora: int) -> None:
        self.taxa = taxa

    def tirar(self, agora: int, fator: float) -> bool:
        if self.nivel(agora) - self.taxa + self.taxa * fator < 1:
            return False
        self._passagens.append(agora)
        return True

    def devolver(self) -> None:
        self._passagens.pop()

    def debitar(self, agora: int, fator: float) -> None:
        self.tirar(agora, fator)

    def nivel(self, agora: int) -> float:
        while self._passagens and self._passagens[0] <= agora - self._periodo:
            self._passagens.popleft()
        return self.taxa - len(self._passagens)


Vazao = Balde | JanelaEstrita


class LimitePar:
    """One message per six seconds to one user; a burst is lent by the future."""

    __slots__ = ("_pares",)

    def __init__(self) -> None:
        self._pares: dict[tuple[str, str], tuple[int, int, int]] = {}

    def passar(self, numero: str, usuario: str, agora: int) -> bool:
        chave = (numero, usuario)
        inicio, conta, livre = self._pares.get(chave, (0, 0, 0))
        if agora >= livre:
            self._pares[chave] = (agora, 1, agora + _PASSO_PAR)
            return True
        if agora - inicio <= _PASSO_PAR and conta < _RAJADA_PAR:
            conta += 1
            self._pares[chave] = (inicio, conta, inicio + _PASSO_PAR * conta)
            return True
        return False


class Portfolio:
    """Unique users reached outside a service window in the last 24 h; -1 means unlimited."""

    __slots__ = ("_usuarios", "limite")

    def __init__(self, limite: int) -> None:
        self.limite = limite
        # Insertion order is time order: the oldest user is always first.
        self._usuarios: dict[str, int] = {}

    def cabe(self, usuario: str, agora: int) -> bool:
        if self.limite < 0:
            return True
        self._esquecer(agora)
        return usuario in self._usuarios or len(self._usuarios) < self.limite

    def contar(self, usuario: str, agora: int) -> None:
        self._usuarios.pop(usuario, None)
        self._usuarios[usuario] = agora

    def proxima_vaga(self) -> int:
        """When the oldest user leaves the 24 h."""
        return next(iter(self._usuarios.values())) + DIA

    def _esquecer(self, agora: int) -> None:
        while self._usuarios:
            usuario, quando = next(iter(self._usuarios.items()))
            if quando > agora - DIA:
                return
            del self._usuarios[usuario]
