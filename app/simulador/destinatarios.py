"""The people at the other end: who exists, under which id, and how each phone behaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from app.simulador.falhas import Acao
from app.simulador.sorteio import Sorteio

_PREFIXO_MAGICO = "551199999"
_LIXO = str.maketrans("", "", "+-() ")
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_PAISES = {"55": "BR", "351": "PT", "44": "GB", "91": "IN", "1": "US"}


def canonico(digitos: str) -> str:
    """Both Brazilian forms of one mobile fall on the form with the ninth digit; landlines stay as they are."""
    if len(digitos) == 12 and digitos.startswith("55") and digitos[4] in "6789":
        return f"{digitos[:4]}9{digitos[4:]}"
    return digitos


def limpar(telefone: str) -> str | None:
    """8 to 15 digits after the usual punctuation, or nothing."""
    digitos = telefone.translate(_LIXO)
    return digitos if 8 <= len(digitos) <= 15 and digitos.isdecimal() and digitos.isascii() else None


def eh_bsuid(texto: str) -> bool:
    return _BSUID.fullmatch(texto) is not None


@dataclass(frozen=True, slots=True)
class Comportamento:
    """How a recipient reacts. Fields left alone mean: accept, then sent, delivered, read."""

    nome: str = "default"
    nega: int | None = None
    falha: int | None = None
    so_quando: Literal["marketing", "media", "second"] | None = None
    roteiro: tuple[str, ...] = ("sent", "delivered", "read")
    atraso_s: int = 0
    antes_de_ler: Acao | None = None
    antes_de_aceitar: Acao | None = None
    depois_de_aceitar: Acao | None = None
    janela_fechada: bool = False
    par_fechado: bool = False
    sem_callback: bool = False
    status_antes_da_resposta: bool = False
    sem_nono_digito: bool = False
    so_usuario: bool = False
    responde: str | None = None
    para_marketing: bool = False
    restringe: bool = False


def _erro_http(http: int, codigo: int) -> Acao:
    return Acao(kind="status", http=http, code=codigo)


_PADRAO = Comportamento()
_SO_ENVIADA = ("sent",)
MAGICOS: dict[str, Comportamento] = {
    "9021": Comportamento("131021", nega=131021),
    "9026": Comportamento("131026", falha=131026),
    "9030": Comportamento("131030", nega=131030),
    "9042": Comportamento("131042", nega=131042),
    "9047": Comportamento("131047", janela_fechada=True),
    "9048": Comportamento("131048", falha=131048),
    "9049": Comportamento("131049", falha=131049, so_quando="marketing"),
    "9050": Comportamento("131050", falha=131050, so_quando="marketing", para_marketing=True),
    "9053": Comportamento("131053", falha=131053, so_quando="media"),
    "9056": Comportamento("131056", par_fechado=True),
    "9072": Comportamento("130472", falha=130472),
    "9100": Comportamento("sent_only", roteiro=_SO_ENVIADA),
    "9101": Comportamento("no_read", roteiro=("sent", "delivered")),
    "9102": Comportamento("no_delivered", roteiro=("sent", "read")),
    "9103": Comportamento("reverse", roteiro=("read", "delivered", "sent")),
    "9104": Comportamento("triple", roteiro=("sent",) * 3 + ("delivered",) * 3 + ("read",) * 3),
    "9105": Comportamento("failed_then_delivered", roteiro=("failed", "delivered"), falha=131026),
    "9106": Comportamento("late_hour", atraso_s=3_600),
    "9107": Comportamento("late_week", atraso_s=6 * 86_400 + 23 * 3_600),
    "9108": Comportamento("played", roteiro=("sent", "delivered", "read", "played")),
    "9109": Comportamento("no_callback", sem_callback=True),
    "9110": Comportamento("early_status", status_antes_da_resposta=True),
    "9120": Comportamento("no_nine", sem_nono_digito=True),
    "9121": Comportamento("username_only", so_usuario=True),
    "9122": Comportamento("replies", responde="Obrigado pela mensagem!"),
    "9123": Comportamento("opt_out_reply", responde="PARAR"),
    "9124": Comportamento("blocks", falha=131026, so_quando="second"),
    "9463": Comportamento("timelock", restringe=True),
    "9500": Comportamento("error_not_accepted", antes_de_aceitar=_erro_http(500, 131000)),
    "9501": Comportamento("error_accepted", depois_de_aceitar=_erro_http(500, 131000)),
    "9502": Comportamento("proxy_page", antes_de_aceitar=Acao(kind="status", http=502, html=True)),
    "9503": Comportamento("unavailable", antes_de_aceitar=_erro_http(503, 2)),
    "9504": Comportamento("silent", depois_de_aceitar=Acao(kind="hang")),
    "9505": Comportamento("reset", antes_de_ler=Acao(kind="reset")),
    "9506": Comportamento("reset_accepted", depois_de_aceitar=Acao(kind="reset")),
    "9507": Comportamento("truncated", depois_de_aceitar=Acao(kind="truncate", bytes=40)),
    "9508": Comportamento("slow_accepted", depois_de_aceitar=Acao(kind="delay", ms=35_000)),
    "9509": Comportamento("html_accepted", depois_de_aceitar=Acao(kind="status", http=200, html=True)),
}
COMPORTAMENTOS = {"default": _PADRAO} | {c.nome: c for c in MAGICOS.values()}


class Destinatario(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    phone: str
    wa_id: str | None = None
    on_whatsapp: bool = True
    user_id: str | None = None
    username_only: bool = False
    opt_out: bool = False
    blocked: bool = False
    profile_name: str | None = None
    behaviour: str | None = None

    def __post_init__(self) -> None:
        if self.behaviour is not None and self.behaviour not in COMPORTAMENTOS and self.behaviour not in MAGICOS:
            raise ValueError(f"unknown behaviour {self.behaviour}")


class Mistura(msgspec.Struct, forbid_unknown_fields=True):
    """A share of the otherwise ordinary recipients that behaves in some way."""

    behaviour: str
    ratio: float


def comportamento_de(nome: str) -> Comportamento:
    """By name (``no_read``, ``131026``) or by the last four digits of a magic number (``9101``)."""
    return COMPORTAMENTOS.get(nome) or MAGICOS[nome]


class Destinatarios:
    def __init__(self, sorteio: Sorteio) -> None:
        self._sorteio = sorteio
        self._registro: dict[str, Destinatario] = {}
        self._por_bsuid: dict[str, str] = {}
        self._bsuids: dict[tuple[str, str], str] = {}
        self._por_lid: dict[str, str] = {}
        self.mistura: list[Mistura] = []

    def registrar(self, pessoas: list[Destinatario]) -> None:
        for pessoa in pessoas:
            digitos = limpar(pessoa.phone)
            if digitos is None:
                raise ValueError(f"not a phone: {pessoa.phone}")
            self._registro[canonico(digitos)] = pessoa
            if pessoa.user_id is not None:
                self._por_bsuid[pessoa.user_id] = canonico(digitos)

    def limpar(self) -> None:
        self._registro.clear()
        self._por_bsuid.clear()
        self._bsuids.clear()
        self._por_lid.clear()

    def ficha(self, usuario: str) -> Destinatario | None:
        return self._registro.get(usuario)

    def comportamento(self, usuario: str) -> Comportamento:
        """Registry first, then magic numbers, then the scenario's mix."""
        ficha = self._registro.get(usuario)
        if ficha is not None:
            return _da_ficha(ficha)
        if usuario.startswith(_PREFIXO_MAGICO) and len(usuario) == 13 and usuario[9] == "9":
            return MAGICOS.get(usuario[9:], _PADRAO)
        if self.mistura:
            return self._sortear(usuario)
        return _PADRAO

    def wa_id(self, usuario: str, comportamento: Comportamento) -> str | None:
        ficha = self._registro.get(usuario)
        if comportamento.so_usuario or not usuario.isdecimal():
            return None
        if ficha is not None and ficha.wa_id is not None:
            return ficha.wa_id
        if comportamento.sem_nono_digito and len(usuario) == 13 and usuario.startswith("55"):
            return usuario[:4] + usuario[5:]
        return usuario

    def bsuid(self, portfolio: str, usuario: str) -> str:
        """The user's id within one portfolio; remembered, so that it can be written to later."""
        ficha = self._registro.get(usuario)
        if ficha is not None and ficha.user_id is not None:
            return ficha.user_id
        if not usuario.isdecimal():
            return usuario
        conhecido = self._bsuids.get((portfolio, usuario))
        if conhecido is not None:
            return conhecido
        pais = next((p for prefixo, p in _PAISES.items() if usuario.startswith(prefixo)), "US")
        gerado = f"{pais}.{self._sorteio.digitos('9', 'bsuid', portfolio + usuario)}"
        self._por_bsuid[gerado] = usuario
        self._bsuids[portfolio, usuario] = gerado
        return gerado

    def dono_do_bsuid(self, bsuid: str) -> str:
        """The phone behind the id, or the id itself when no phone is known."""
        return self._por_bsuid.get(bsuid, bsuid)

    def lid(self, usuario: str) -> str:
        """The hidden id UaiZap shows for a user, the same on every instance; remembered like the others."""
        gerado = self._sorteio.digitos("9", "lid", usuario, 14)
        self._por_lid[gerado] = usuario
        return gerado

    def dono_do_lid(self, lid: str) -> str | None:
        return self._por_lid.get(lid)

    def nome(self, usuario: str) -> str:
        ficha = self._registro.get(usuario)
        return ficha.profile_name if ficha and ficha.profile_name else f"Pessoa {usuario[-4:]}"

    def _sortear(self, usuario: str) -> Comportamento:
        ponto = self._sorteio.fracao("mix", usuario)
        for parte in self.mistura:
            if ponto < parte.ratio:
                return comportamento_de(parte.behaviour)
            ponto -= parte.ratio
        return _PADRAO


def _da_ficha(ficha: Destinatario) -> Comportamento:
    base = comportamento_de(ficha.behaviour) if ficha.behaviour else _PADRAO
    if ficha.blocked or not ficha.on_whatsapp:
        base = COMPORTAMENTOS["131026"]
    elif ficha.opt_out:
        base = replace(base, falha=131050, so_quando="marketing")
    if ficha.username_only:
        base = replace(base, so_usuario=True)
    return base
