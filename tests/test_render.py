"""How dates and codes are written for who reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.http.render import Leitor, _quando, lingua

MEIA_NOITE_E_DOIS = datetime(2026, 11, 23, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passados", "dito"),
    [
        (timedelta(minutes=1), "00:01"),
        (timedelta(minutes=5), "23:57"),
        (timedelta(hours=11, minutes=59), "12:03"),
        (timedelta(hours=12), "dom"),
        (timedelta(days=2), "sáb"),
        (timedelta(days=6), "17/11"),
        (-timedelta(hours=30), "24/11"),
    ],
)
def test_o_que_e_de_agora_ha_pouco_tem_hora_depois_da_meia_noite(passados: timedelta, dito: str) -> None:
    quando = _quando(Leitor(), MEIA_NOITE_E_DOIS)["quando"]
    assert quando((MEIA_NOITE_E_DOIS - passados).isoformat()) == dito


def test_lingua_em_palavras() -> None:
    assert lingua("pt-BR")("pt_BR") == "Português (Brasil)"
    assert lingua("en")("es_AR") == "Spanish (Argentina)"
    assert lingua("pt-BR")("en") == "Inglês"
    assert lingua("pt-BR")("xx_YY") == "xx_YY"
