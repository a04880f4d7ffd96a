"""The browser's session: one cookie that scripts cannot read, extended while it is used.

The cookie is `__Host-sessao`: the API's token and when it expires (seconds since 1970). `__Host-` makes browsers refuse
it over plain HTTP (localhost apart), for other paths and from other hosts.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar.datastructures import Cookie

from app.http.comum import Pedido, ler_token

NOME: Final = "__Host-sessao"
ESTENDER_ANTES_S: Final = 11 * 3600
_OPCOES: Final[dict[str, Any]] = {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}


def ler(pedido: Pedido) -> tuple[UUID, str] | None:
    """The tenant and the secret of the cookie, or None; the database says whether they are alive."""
    token, _, _expira = pedido.cookies.get(NOME, "").rpartition("|")
    return ler_token(token)


def falta_estender(pedido: Pedido) -> bool:
    """The session has been used for a while: time to extend it."""
    expira = pedido.cookies.get(NOME, "").rpartition("|")[2]
    return not expira.isdecimal() or int(expira[:12]) - time.time() < ESTENDER_ANTES_S


def criar(token: str, expira_em: datetime) -> Cookie:
    """The cookie of a session that lasts until `expira_em`."""
    expira = int(expira_em.timestamp())
    return Cookie(key=NOME, value=f"{token}|{expira}", max_age=max(0, expira - int(time.time())), **_OPCOES)


def apagar() -> Cookie:
    """The cookie that removes it."""
    return Cookie(key=NOME, value="", max_age=0, **_OPCOES)
