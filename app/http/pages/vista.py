"""The view of the inbox that an address names: tab, filters and order, from the query string and back to it.

Values go to the database as they came: it says which do not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

ABAS: Final = ("minhas", "fila", "todas", "mencoes")
# what people call a state; "abertas" is whatever still asks for work
STATUS: Final[Mapping[str, list[str] | None]] = {
    "abertas": ["ABERTA", "EM_ATENDIMENTO"],
    "aguardando": ["AGUARDANDO_CLIENTE"],
    "adiadas": ["ADIADA"],
    "resolvidas": ["RESOLVIDA"],
    "qualquer": None,
}
_CAMPOS: Final = {
    "equipe": "equipeId",
    "numero": "conexaoId",
    "etiqueta": "etiquetaId",
    "contato": "contatoId",
    "campanha": "campanhaId",
    "de": "atividadeDe",
    "ate": "atividadeAte",
    "q": "texto",
}
_MAIUSCULOS: Final = {"controle": "controle", "janela": "janela"}
# the ones that the filters' form holds, besides tab, status, order and text
FILTROS: Final = (
    "responsavel", "equipe", "numero", "etiqueta", "prioridade", "controle", "janela", "naolidas", "silencio",
    "campanha", "contato", "de", "ate",
)  # fmt: skip
_CONHECIDOS: Final = ("aba", "status", "ordem", "q", *FILTROS)
_PADRAO: Final = frozenset({("aba", "minhas"), ("status", "abertas")})


class Vista(Struct, frozen=True):
    """`pares` is the query string without what is empty or is the default; `filtros` is what the database reads."""

    aba: str
    status: str
    ordem: str
    pares: tuple[tuple[str, str], ...]
    filtros: dict[str, object]

    def valor(self, nome: str) -> str:
        return next((v for n, v in self.pares if n == nome), "")

    def valores(self, nome: str) -> list[str]:
        return [v for n, v in self.pares if n == nome]

    @property
    def limpa(self) -> bool:
        """Nothing narrows it but the tab and the status."""
        return not self.quantos and not self.valor("q")

    @property
    def ordem_pedida(self) -> str:
        """The order as the database calls it; without one, that of the tab."""
        return self.ordem.upper() or ("ESPERA" if self.aba == "fila" else "ULTIMA_ATIVIDADE")

    @property
    def quantos(self) -> int:
        """How many filters narrow the list."""
        return sum(n in FILTROS for n, _ in self.pares)

    def so(self, *nomes: str) -> str:
        """The query string of only these parameters."""
        return self.consulta(*(n for n, _ in self.pares if n not in nomes))

    def consulta(self, *sem: str, **com: str) -> str:
        """The query string (with its "?") of this view, without some parameters and with others."""
        fica = [(n, v) for n, v in self.pares if n not in sem and n not in com]
        texto = urlencode([*fica, *((n, v) for n, v in com.items() if v)])
        return f"?{texto}" if texto else ""


def _filtros(aba: str, status: str, pares: list[tuple[str, str]]) -> dict[str, object]:
    filtros: dict[str, object] = {"aba": aba.upper()}
    estados = STATUS.get(status, [status.upper()])
    if estados is not None:
        filtros["status"] = estados
    prioridades = [v.upper() for n, v in pares if n == "prioridade"]
    if prioridades:
        filtros["prioridade"] = prioridades
    for nome, valor in pares:
        if nome in _CAMPOS:
            filtros[_CAMPOS[nome]] = valor
        elif nome in _MAIUSCULOS:
            filtros[_MAIUSCULOS[nome]] = valor.upper()
        elif nome == "responsavel":
            filtros |= {"semDono": True} if valor == "ninguem" else {"usuarioId": valor}
        elif nome == "silencio":
            filtros["semRespostaMinutos"] = int(valor) if valor.isdecimal() and len(valor) < 9 else valor
        elif nome == "naolidas":
            filtros["naoLidas"] = True
    return filtros


def ler_vista(ditos: Iterable[tuple[str, str]]) -> Vista:
    """The view that this query string names."""
    validos = [(n, v.strip()[:200]) for n, v in ditos if n in _CONHECIDOS and v.strip()]
    # always in one order: an address is the same however it came about
    pares = sorted((par for par in validos if par not in _PADRAO), key=lambda par: (_CONHECIDOS.index(par[0]), par[1]))
    unicos = dict(pares)
    aba, status = unicos.get("aba", "minhas"), unicos.get("status", "abertas")
    return Vista(aba, status, unicos.get("ordem", ""), tuple(pares), _filtros(aba, status, pares))


def de_filtros(filtros: Mapping[str, object], ordem: str) -> str:
    """The query string (with its "?") of a saved view."""
    nomes = {v: k for k, v in (_CAMPOS | _MAIUSCULOS).items()} | {"usuarioId": "responsavel"}
    pares: list[tuple[str, str]] = [("aba", str(filtros.get("aba", "TODAS")).lower())]
    pares += [("status", next((k for k, v in STATUS.items() if v == filtros.get("status")), "qualquer"))]
    prioridades = filtros.get("prioridade")
    pares += [("prioridade", str(p).lower()) for p in (prioridades if isinstance(prioridades, list) else [])]
    for campo, valor in filtros.items():
        if campo in nomes:
            pares.append((nomes[campo], str(valor).lower() if campo in _MAIUSCULOS.values() else str(valor)))
    if filtros.get("semDono"):
        pares.append(("responsavel", "ninguem"))
    if filtros.get("naoLidas"):
        pares.append(("naolidas", "sim"))
    if filtros.get("semRespostaMinutos"):
        pares.append(("silencio", str(filtros["semRespostaMinutos"])))
    return "?" + urlencode([*pares, ("ordem", ordem.lower())])
