"""One voice at a time: a person, or the bot, or the device itself."""

from __future__ import annotations

import secrets

import psycopg
import pytest

from app.erros import Erro
from tests.sql.cenas import enviar, escrever, mensagem
from tests.sql.mesa import Mesa, mesa, montar

__all__ = ["mesa", "montar"]


async def test_uma_voz_por_vez(mesa: Mesa) -> None:
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe, nome=nome) for nome in ("Ivo", "Lia"))
    supervisora = mesa.agente("SUPERVISOR", equipe)
    conversa = mesa.conversa(equipe=equipe)
    await mesa.escrever(conversa, ivo)
    v = mesa.estado(conversa)
    assert (v["status"], v["controle"], v["usuario_id"]) == ("EM_ATENDIMENTO", "HUMANO", ivo.usuario_id)
    with pytest.raises(Erro) as erro:
        await mesa.escrever(conversa, supervisora)
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV20")
    assert erro.value.corpo.mensagem == "Ivo está atendendo esta conversa"
    with pytest.raises(Erro) as erro:
        await mesa.escrever(conversa, lia, p_assumir=True)
    assert erro.value.codigo == "ZNV01"
    await mesa.escrever(conversa, supervisora, p_assumir=True)
    assert mesa.estado(conversa)["usuario_id"] == supervisora.usuario_id
    # what its owner puts aside stays aside while they write
    await mesa.fazer("aguardar", conversa, supervisora)
    await mesa.escrever(conversa, supervisora)
    assert mesa.estado(conversa)["status"] == "AGUARDANDO_CLIENTE"
    (n,) = mesa.ver("select count(*) as n from mensagens where conversa_id = %s and direcao = 'SAIDA'", conversa)
    assert n["n"] == 3, "a refused reply leaves nothing"


async def test_o_robo_perde_a_palavra(mesa: Mesa) -> None:
    """A bot's message computed before a person took over is discarded before the first byte."""
    conversa = mesa.conversa()
    mesa.admin.execute("update conversas set controle = 'BOT' where id = %s", [conversa])
    antes, durante = (escrever(mesa.admin, mesa.cena, conversa, prioridade=3, origem="BOT") for _ in range(2))
    assert [e["alvoId"] for e in await enviar(mesa.banco_worker, mesa.cena, 1)] == [str(antes)]
    await mesa.fazer("assumir", conversa)
    mesa.admin.execute("delete from fila where alvo_id = %s", [antes])
    mesa.admin.execute("delete from pares where cliente_id = %s", [mesa.cena.cliente_id])
    assert await enviar(mesa.banco_worker, mesa.cena) == []
    assert (mensagem(mesa.admin, durante)["status"], mensagem(mesa.admin, durante)["motivo"]) == ("PULADO", "CONTROLE")
    with mesa.admin.transaction(force_rollback=True), pytest.raises(psycopg.Error) as erro:
        mesa.admin.execute("set local role crm_definidor")
        mesa.admin.execute("select set_config('app.cliente_id', %s, true)", [str(mesa.cena.cliente_id)])
        mesa.admin.execute(
            "select interno.mensagem_enfileirar(%s, %s, 'TEXTO', '{\"texto\": \"oi\"}', null, 'BOT', 3::smallint)",
            [mesa.cena.cliente_id, conversa],
        )
    assert erro.value.sqlstate == "ZRV69"


async def test_eco_do_aparelho_cala_o_robo(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    mesa.admin.execute("update conversas set controle = 'BOT' where id = %s", [conversa])
    with mesa.admin.transaction():
        mesa.admin.execute("set local role crm_fila")
        mesa.admin.execute("select interno.contexto_trabalho(%s)", [mesa.cena.cliente_id])
        telefone = mesa.um("select telefone from contatos where id = %s", mesa.cena.contatos[0])["telefone"]
        mesa.admin.execute(
            "select interno.entrada_registrar(%s, jsonb_build_array(jsonb_build_object('conexaoId', %s::text,"
            " 'idExterno', %s::text, 'telefone', %s::text, 'direcao', 'SAIDA', 'tipo', 'TEXTO', 'corpo', 'já vou',"
            " 'ocorridoEm', now())))",
            [mesa.cena.cliente_id, str(mesa.cena.conexao_id), secrets.token_hex(8), telefone],
        )
    assert mesa.estado(conversa)["controle"] == "FILA"
