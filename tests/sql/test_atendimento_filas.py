"""The supervisor's wall: the queues that each one sees, and who serves how much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.erros import Erro
from tests.conftest import Sessao
from tests.sql.salao import AGORA, Salao, salao

__all__ = ["salao"]


async def test_filas_que_cada_um_ve(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=3)
    vendas, suporte = await salao.equipe(ivo, lia), await salao.equipe(lia)
    for n in (5, 8):
        salao.esperar(vendas, n)
    salao.esperar(vendas, 900, controle="BOT")
    salao.esperar(suporte, 1)
    salao.esperar(None, 2)
    salao.esperar(suporte, 1, status="ADIADA", adiada_ate=AGORA + timedelta(days=1))
    await salao.proximo(lia, suporte)
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA")

    async def ver(sessao: Sessao) -> dict[Any, Any]:
        return {f["id"]: f for f in (await salao.chamar("api.filas_listar", sessao))["dados"]}

    todas = await ver(salao.cena.sessao)
    assert set(todas) == {str(vendas), str(suporte), None}
    f = todas[str(vendas)]
    assert (f["esperando"], f["emAtendimento"], f["disponiveis"], f["emPausa"], f["vagas"]) == (2, 0, 1, 1, 2)
    desde_a_cena = (datetime.now(UTC) - AGORA).total_seconds()
    assert 8 * 60 <= f["esperaSegundos"] == f["esperaUtilSegundos"] <= 8 * 60 + desde_a_cena + 1
    f = todas[str(suporte)]
    assert (f["esperando"], f["emAtendimento"], f["adiadas"], f["vagas"]) == (0, 1, 1, 2)
    assert todas[None]["esperando"] == 1
    dele = await ver(ivo)
    assert set(dele) == {str(vendas), None}, "an agent sees the queues that are his"
    assert dele[str(vendas)]["esperando"] == 2
    paginas = [await salao.chamar("api.filas_listar", p_limite=1)]
    while cursor := paginas[-1]["meta"]["proximoCursor"]:
        paginas.append(await salao.chamar("api.filas_listar", p_limite=1, p_cursor=cursor))
    assert [f["id"] for p in paginas for f in p["dados"]] == [str(suporte), str(vendas), None]


async def test_quem_atende_e_quanto(salao: Salao, novo_cliente: Callable[..., Any]) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=3)
    (chefe,) = await salao.atendentes(1, perfil="SUPERVISOR")
    vendas = await salao.equipe(ivo, chefe)
    vizinho = await novo_cliente("Vizinha")
    for n in (5, 8):
        salao.esperar(vendas, n)
        await salao.proximo(ivo, vendas)
    salao.admin.execute("update conversas set espera_desde = null where usuario_id = %s and espera_desde > %s", [
        ivo.usuario_id, AGORA - timedelta(minutes=7),
    ])  # fmt: skip
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA", p_motivo="Almoço")

    async def ver(sessao: Sessao) -> dict[Any, Any]:
        return {p["id"]: p for p in (await salao.chamar("api.atendentes_listar", sessao))["dados"]}

    todos = await ver(salao.cena.sessao)
    assert set(todos) == {str(s.usuario_id) for s in (ivo, lia, chefe, salao.cena.sessao)}
    dele = todos[str(ivo.usuario_id)]
    assert (dele["disponibilidade"], dele["disponibilidadeMotivo"]) == ("PAUSA", "Almoço")
    assert (dele["emAtendimento"], dele["capacidade"], dele["semResposta"]) == (2, 3, 1)
    assert datetime.fromisoformat(dele["esperaDesde"]) == AGORA - timedelta(minutes=8)
    assert (todos[str(lia.usuario_id)]["semResposta"], todos[str(lia.usuario_id)]["esperaDesde"]) == (0, None)
    assert set(await ver(chefe)) == {str(ivo.usuario_id), str(chefe.usuario_id)}, "who sees a team sees its people"
    assert set(await ver(vizinho)) == {str(vizinho.usuario_id)}
    with pytest.raises(Erro) as recusa:
        await ver(ivo)
    assert recusa.value.corpo.codigo == "ZPG01"
