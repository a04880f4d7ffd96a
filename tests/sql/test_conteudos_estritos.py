"""What the checks of contents refuse beyond shape: emojis that are none, telephones that are none."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.conftest import Sessao
from tests.sql import cenas

Admin = psycopg.Connection[dict[str, Any]]


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "❤️", "1️⃣", "🇧🇷", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺"])
async def test_um_emoji_passa(admin: Admin, ana: Sessao, emoji: str) -> None:
    assert _recusa(admin, ana, emoji) == "ZNV02"  # past the emoji: only the target is unknown


@pytest.mark.parametrize("emoji", ["a", "texto comum", "👍👍", "12", "👍 ", " ", "<b>", "🇧🇷🇧🇷"])
async def test_o_que_nao_e_um_emoji_nao_passa(admin: Admin, ana: Sessao, emoji: str) -> None:
    assert _recusa(admin, ana, emoji) in {"ZRV27", "ZRV03"}


@pytest.mark.parametrize(("telefone", "codigo"), [("+55 (11) 99999-0000", None), ("abc", "ZRV28"), ("12", "ZRV28")])
async def test_telefone_de_um_cartao(admin: Admin, ana: Sessao, telefone: str, codigo: str | None) -> None:
    conteudo = psycopg.types.json.Jsonb({"contatos": [{"nome": "Rui", "telefones": [{"telefone": telefone}]}]})
    try:
        admin.execute("select interno.conteudo_contatos_conferir(%s, %s)", [ana.cliente_id, conteudo])
    except psycopg.Error as erro:
        assert erro.sqlstate == codigo
    else:
        assert codigo is None


def _recusa(admin: Admin, ana: Sessao, emoji: str) -> str | None:
    cena = cenas.montar(admin, ana, 1)
    conteudo = psycopg.types.json.Jsonb({"alvoId": str(cena.contatos[0]), "emoji": emoji})
    with pytest.raises(psycopg.Error) as recusa:
        admin.execute(
            "select interno.conteudo_reacao_conferir(%s, %s, %s)", [ana.cliente_id, conteudo, cena.contatos[0]]
        )
    return recusa.value.sqlstate
