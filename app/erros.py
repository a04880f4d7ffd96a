"""The error contract: SQLSTATE classes to HTTP, and the one shape every refusal has.

The database says what kind of refusal it is (sql.md section 3); only this module knows HTTP. PostgreSQL's own
texts are English and name tables, so they are never shown: the comment of the violated constraint, or a fixed
sentence per class, takes their place.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

_PROPRIO: Final = re.compile(r"Z[APNCRLT][A-Z][0-9]{2}")
_STATUS_PROPRIO: Final = {"A": 401, "P": 403, "N": 404, "C": 409, "R": 422, "L": 429, "T": 503}
REPETIVEIS: Final = frozenset({"40001", "40P01"})

_FIXOS: Final[dict[str, tuple[int, str, str]]] = {
    "42501": (403, "ZPG01", "você não tem permissão para isto"),
    "23505": (409, "ZCG04", "já existe um registro igual"),
    "23503": (409, "ZCG05", "um registro citado não existe ou ainda está em uso"),
    "23P01": (409, "ZCG04", "já existe um registro que conflita com este"),
    "23514": (422, "ZRG01", "um dos valores não é aceito"),
    "23502": (422, "ZRG01", "falta um valor obrigatório"),
    "22021": (400, "ZRG03", "há um caractere que não se pode guardar: apague o campo e escreva de novo"),
    "55P03": (503, "ZTG02", "o registro está ocupado: tente de novo em instantes"),
    "57014": (504, "ZTG03", "a operação demorou demais e foi cancelada"),
}
_FIXOS_POR_CLASSE: Final[dict[str, tuple[int, str, str]]] = {
    "22": (400, "ZRG03", "há um dado malformado no pedido"),
    "40": (503, "ZTG02", "o registro está ocupado: tente de novo em instantes"),
    "08": (503, "ZTG01", "o serviço está se recuperando: tente de novo em instantes"),
    "53": (503, "ZTG01", "o serviço está se recuperando: tente de novo em instantes"),
    "57": (503, "ZTG01", "o serviço está se recuperando: tente de novo em instantes"),
}
_DEFEITO: Final = (500, "ZXG01", "erro inesperado: já foi registrado")


class ErroCorpo(Struct, frozen=True, omit_defaults=False):
    """What a refusal says: a stable code, a sentence in pt-BR, the field it is about, and a machine detail."""

    codigo: str
    mensagem: str
    campo: str | None = None
    detalhe: str | None = None


class ErroEnvelope(Struct, frozen=True):
    """The body of every refusal."""

    erro: ErroCorpo
    sucesso: bool = False


class Erro(Exception):
    """A refusal that reaches the caller.

    `status` is the HTTP status, `codigo` the stable code, `espera_s` the Retry-After in seconds (None = no header),
    `sqlstate` what the database said (None when the refusal was born at the edge).
    """

    def __init__(
        self,
        status: int,
        codigo: str,
        mensagem: str,
        *,
        campo: str | None = None,
        detalhe: str | None = None,
        espera_s: int | None = None,
        sqlstate: str | None = None,
    ) -> None:
        super().__init__(f"{codigo}: {mensagem}")
        self.status = status
        self.corpo = ErroCorpo(codigo, mensagem, campo, detalhe)
        self.espera_s = espera_s
        self.sqlstate = sqlstate

    @property
    def codigo(self) -> str:
        return self.corpo.codigo

    @property
    def repetivel(self) -> bool:
        return self.sqlstate in REPETIVEIS

    @property
    def defeito(self) -> bool:
        return self.status == 500


def do_banco(
    sqlstate: str | None,
    mensagem: str,
    *,
    detalhe: str | None = None,
    campo: str | None = None,
    restricao: str | None = None,
    textos: dict[str, str] | None = None,
) -> Erro:
    """Translate what the database refused into what the caller reads.

    `mensagem`, `detalhe` and `campo` are shown only for codes of our own class Z; `textos` maps constraint names to
    their comments (`"ZCC01: já existe contato com este telefone"`).
    """
    codigo = sqlstate or ""
    if _PROPRIO.fullmatch(codigo):
        status = _STATUS_PROPRIO[codigo[1]]
        espera = int(detalhe) if status == 429 and detalhe and detalhe.isdigit() else None
        return Erro(status, codigo, mensagem, campo=campo, detalhe=detalhe, espera_s=espera, sqlstate=sqlstate)
    comentario = (textos or {}).get(restricao or "")
    if comentario and codigo.startswith("23"):
        proprio, _, texto = comentario.partition(": ")
        return Erro(_STATUS_PROPRIO[proprio[1]], proprio, texto, campo=campo, sqlstate=sqlstate)
    if codigo == "22023" and campo is not None:
        return Erro(400, "ZRG03", mensagem, campo=campo, sqlstate=sqlstate)
    status, fixo, texto = _FIXOS.get(codigo) or _FIXOS_POR_CLASSE.get(codigo[:2]) or _DEFEITO
    return Erro(status, fixo, texto, espera_s=1 if status == 503 else None, sqlstate=sqlstate)


def indisponivel() -> Erro:
    """The database cannot be reached at all."""
    status, codigo, texto = _FIXOS_POR_CLASSE["08"]
    return Erro(status, codigo, texto, espera_s=1, sqlstate="08006")
