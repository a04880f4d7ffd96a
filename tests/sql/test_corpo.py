"""What JSON allows and the database's text does not must not hold the rest of a body."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

Admin = psycopg.Connection[dict[str, Any]]


@pytest.mark.parametrize(
    ("cru", "lido"),
    [
        (r'{"t": "a\u0000b"}', "a\ufffdb"),
        (r'{"t": "\u0000"}', "\ufffd"),
        (r'{"t": "\\u0000"}', r"\u0000"),  # a backslash, and plain letters
        (r'{"t": "\\\u0000"}', "\\\ufffd"),
        (r'{"t": "x\ud83dy"}', "x\ufffdy"),
        (r'{"t": "x\udc4dy"}', "x\ufffdy"),
        (r'{"t": "\ud83d\udc4d"}', "👍"),
        (r'{"t": "\u00e9"}', "é"),
    ],
)
def test_escapes_que_o_texto_nao_guarda(admin: Admin, cru: str, lido: str) -> None:
    linha = admin.execute("select interno.corpo_ler(%s) as corpo", [cru.encode()]).fetchone()
    assert linha
    assert linha["corpo"] == {"t": lido}


def test_o_que_nao_e_json_continua_recusado(admin: Admin) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        admin.execute("select interno.corpo_ler(%s)", [json.dumps({"t": 1})[:-1].encode()])
