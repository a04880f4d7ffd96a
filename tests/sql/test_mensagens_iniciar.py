"""Writing first: one open conversation per person and number, however many begin it."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.erros import Erro
from tests.conftest import cru
from tests.sql.balcao import Balcao, balcao, montar, simples, vizinha
from tests.sql.cenas import Cena

__all__ = ["balcao", "montar", "vizinha"]


async def test_iniciar_com_modelo(balcao: Balcao, vizinha: Cena) -> None:
    b = balcao
    pedido = {"p_contato_id": b.cena.contatos[1], "p_conexao_id": b.cena.conexao_id, "p_tipo": "MODELO"}
    feito = await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido)
    assert feito["mensagem"]["corpo"] == "Olá Ana, seu desconto é 10%."
    assert feito["conversa"]["ultimaMensagem"]["id"] == feito["mensagem"]["id"]
    outra = await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido)
    assert outra["conversa"]["id"] == feito["conversa"]["id"], "one open conversation"
    with pytest.raises(Erro) as erro:
        await b.chamar("api.conversa_iniciar", p_conteudo=cru({"texto": "oi"}), **{**pedido, "p_tipo": "TEXTO"})
    assert erro.value.codigo == "ZRV34"
    for troca, codigo in (("p_contato_id", "ZNC01"), ("p_conexao_id", "ZNX01")):
        alheio = vizinha.contatos[0] if troca == "p_contato_id" else vizinha.conexao_id
        with pytest.raises(Erro) as erro:
            await b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **{**pedido, troca: alheio})
        assert erro.value.codigo == codigo


async def test_dez_inicios_ao_mesmo_tempo_uma_conversa(balcao: Balcao) -> None:
    b = balcao
    pedido = {"p_contato_id": b.cena.contatos[1], "p_conexao_id": b.cena.conexao_id, "p_tipo": "MODELO"}
    feitos = await asyncio.gather(
        *(b.chamar("api.conversa_iniciar", p_conteudo=cru(simples(b.cena)), **pedido) for _ in range(10))
    )
    assert len({f["conversa"]["id"] for f in feitos}) == 1
    ordens = b.admin.execute(
        "select ordem from fila where chave_ordem = %s", [UUID(feitos[0]["conversa"]["id"])]
    ).fetchall()
    assert sorted(o["ordem"] for o in ordens) == list(range(1, 11))
