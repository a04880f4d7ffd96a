"""The refusals of Meta's Graph API outside of sending, where the edge has to choose what to do next.

What a refused *send* means is data (`provedor_erros`) and decided by the database; these sets are only for calls whose
failure a handler turns into "later" or "no".
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

LIMITACAO: Final = frozenset({4, 17, 32, 341, 613, 80007, 80008, 130429})
FORA_DO_AR: Final = frozenset({1, 2, 131000, 131016, 131057, 133004, 2494100})
SEM_ACESSO: Final = frozenset({0, 3, 10, 102, 104, 190, 131005})
# the subcode of 100 that says "does not exist, or not for you"
AUSENTE: Final = 33


class RecusaMeta(msgspec.Struct, frozen=True):
    """The `error` object of an answer; `rastro` is what the provider's support asks for."""

    codigo: int
    subcodigo: int | None = None
    rastro: str | None = None
    detalhe: str = ""
    passageira: bool = False


class _Erro(msgspec.Struct):
    code: int
    message: str = ""
    error_subcode: int | None = None
    fbtrace_id: str | None = None
    error_data: Any = None
    is_transient: bool = False


class _ComErro(msgspec.Struct):
    error: _Erro


def ler_recusa(corpo: bytes) -> RecusaMeta | None:
    """The refusal that a body carries; None when it carries none that can be understood."""
    try:
        erro = msgspec.json.decode(corpo, type=_ComErro).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    dados = erro.error_data.get("details") if isinstance(erro.error_data, dict) else erro.error_data
    detalhe = dados if isinstance(dados, str) and dados else erro.message
    return RecusaMeta(erro.code, erro.error_subcode, erro.fbtrace_id, detalhe[:400], erro.is_transient)
