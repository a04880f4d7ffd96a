"""The health of a number, asked in two calls because one field refused fails a whole call."""

from __future__ import annotations

from typing import Any

import pytest

from app.erros import Erro
from app.provedores.meta_gestao import MetaGestao, _limite
from tests.provedores.pecas import CONEXAO, conexao
from tests.simulador.bancada import NUMERO, Bancada


async def test_tudo(bancada: Bancada, gestao: MetaGestao) -> None:
    saude = await gestao.consultar_saude(CONEXAO)
    assert (saude.qualidade, saude.status, saude.pode_enviar, saude.ilegiveis) == (
        "GREEN",
        "CONNECTED",
        "AVAILABLE",
        False,
    )
    assert (saude.vazao, saude.vazao_por_segundo, saude.coexistencia) == ("STANDARD", 80, False)
    assert saude.limite_portfolio == -1 or (saude.limite_portfolio or 0) >= 250
    assert {e.tipo for e in saude.entidades} == {"PHONE_NUMBER", "WABA"}


@pytest.mark.parametrize(("vazao", "esperado"), [("high", (1000, False)), ("coexistence", (20, True))])
async def test_vazao(bancada: Bancada, gestao: MetaGestao, vazao: str, esperado: tuple[int, bool]) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"throughput": vazao, "silent": True})
    await bancada.avancar(61)
    saude = await gestao.consultar_saude(CONEXAO)
    assert (saude.vazao_por_segundo, saude.coexistencia) == esperado


async def test_doente(bancada: Bancada, gestao: MetaGestao) -> None:
    await bancada.controle("PATCH", f"/meta/templates/{bancada.modelos['boas_vindas']}", {"status": "PAUSED"})
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"quality": "RED", "state": "locked", "silent": True})
    saude = await gestao.consultar_saude(CONEXAO)
    assert (saude.qualidade, saude.pode_enviar) == ("RED", "BLOCKED")
    erros = {(e.tipo, e.pode_enviar, *(x.codigo for x in e.erros)) for e in saude.entidades}
    assert ("PHONE_NUMBER", "BLOCKED", 131031) in erros
    assert ("MESSAGE_TEMPLATE", "BLOCKED", 132015) in erros


async def test_campo_proibido_nao_esconde_o_resto(bancada: Bancada, gestao: MetaGestao) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"forbidden_fields": ["health_status"], "silent": True})
    saude = await gestao.consultar_saude(CONEXAO)
    assert (saude.qualidade, saude.ilegiveis, saude.pode_enviar) == ("GREEN", True, None)
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"forbidden_fields": ["status"], "silent": True})
    with pytest.raises(Erro) as erro:
        await gestao.consultar_saude(CONEXAO)
    assert erro.value.status == 422


async def test_credencial_recusada(bancada: Bancada, gestao: MetaGestao) -> None:
    with pytest.raises(Erro) as erro:
        await gestao.consultar_saude(conexao("errado"))
    assert erro.value.status == 422


@pytest.mark.parametrize("quando", [0, 1])
async def test_fora_do_ar(bancada: Bancada, gestao: MetaGestao, quando: int) -> None:
    """Neither half may be taken for the whole."""
    falha: dict[str, Any] = {"kind": "error_code", "code": 131016}
    await bancada.falha("before_read", falha, provider="meta", match={"path": NUMERO, "nth": [quando + 1]})
    with pytest.raises(Erro) as erro:
        await gestao.consultar_saude(CONEXAO)
    assert (erro.value.status, erro.value.espera_s) == (503, 5)


@pytest.mark.parametrize(
    ("bruto", "esperado"),
    [
        ("TIER_250", 250),
        ("TIER_2K", 2000),
        ("TIER_100K", 100_000),
        ("TIER_2000", 2000),
        ("TIER_UNLIMITED", -1),
        (-1, -1),
        (10_000, 10_000),
        ("TIER_NOT_SET", None),
        (None, None),
    ],
)
def test_limite(bruto: str | int | None, esperado: int | None) -> None:
    assert _limite(bruto) == esperado
