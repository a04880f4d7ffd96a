"""What each person chooses for the own screen: one row, known keys, kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from app.banco import Banco
from app.erros import Erro
from tests.conftest import Sessao, chamar


def _mudar(banco: Banco, quem: Sessao, **mudancas: object) -> Any:
    return chamar(banco, "api.preferencias_atualizar", **quem.args, **mudancas)


async def test_cada_pessoa_tem_as_suas(banco_api: Banco, ana: Sessao, bia: Sessao) -> None:
    novas = await chamar(banco_api, "api.preferencias_obter", **ana.args)
    assert novas["versao"] == 0 and novas["enviarCom"] == "ENTER" and novas["atalhos"] == {}
    feitas = await _mudar(banco_api, ana, p_enviar_com="CTRL_ENTER", p_silencio_de="22:00", p_silencio_ate="06:30")
    assert (feitas["versao"], feitas["silencioDe"], feitas["silencioAte"]) == (1, "22:00", "06:30")
    assert (await chamar(banco_api, "api.eu_obter", **ana.args))["preferencias"] == feitas
    assert (await chamar(banco_api, "api.preferencias_obter", **bia.args))["versao"] == 0
    limpas = await _mudar(banco_api, ana, p_limpar=["silencio"], p_versao=1)
    assert limpas["silencioDe"] is None and limpas["enviarCom"] == "CTRL_ENTER"
    with pytest.raises(Erro) as velha:
        await _mudar(banco_api, ana, p_som=False, p_versao=1)
    assert velha.value.codigo == "ZCG02"


async def test_a_tela_junta_se(banco_api: Banco, ana: Sessao) -> None:
    await _mudar(banco_api, ana, p_tela={"painel": True, "lista": "densa"})
    assert (await _mudar(banco_api, ana, p_tela={"painel": None, "ordem": 1}))["tela"] == {"lista": "densa", "ordem": 1}


@pytest.mark.parametrize(
    ("mudanca", "codigo"),
    [
        ({"p_atalhos": {"resolver": "Ctrl"}}, "ZRI43"),
        ({"p_atalhos": {"resolver": ""}}, "ZRI43"),
        ({"p_atalhos": {"re solver": "e"}}, "ZRI43"),
        ({"p_atalhos": {"resolver": "e", "nota": "e"}}, "ZRI44"),
        (
            {"p_atalhos": {f"acao{chr(97 + i // 26)}{chr(97 + i % 26)}": f"Alt+{chr(256 + i)}" for i in range(300)}},
            "ZRI40",
        ),
        ({"p_tela": {"x": list(range(9999))}}, "ZRI41"),
        ({"p_silencio_de": "22:00"}, "ZRI42"),
        ({"p_silencio_de": "22:00", "p_silencio_ate": "22:00"}, "ZRI42"),
        ({"p_enviar_com": "ESPACO"}, "ZRG01"),
    ],
)
async def test_o_que_nao_serve_e_recusado(banco_api: Banco, ana: Sessao, mudanca: dict[str, Any], codigo: str) -> None:
    antes = await chamar(banco_api, "api.preferencias_obter", **ana.args)
    with pytest.raises(Erro) as erro:
        await _mudar(banco_api, ana, p_limpar=["silencio"] if "silencio" not in str(mudanca) else [], **mudanca)
    assert erro.value.codigo == codigo and erro.value.status == 422
    assert await chamar(banco_api, "api.preferencias_obter", **ana.args) == antes


async def test_teclas_que_servem(banco_api: Banco, ana: Sessao) -> None:
    teclas = {
        "resolver": "Shift+E",
        "nota": "ç",
        "ajuda": "?",
        "ir.painel": "g p",
        "anexar": "Ctrl+Alt+a",
        "x.y": "desligado",
    }
    assert (await _mudar(banco_api, ana, p_atalhos=teclas))["atalhos"] == teclas
