"""What is scheduled speaks with one voice, too: where its author may speak, when it is written and when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.cenas import resolver
from tests.sql.mesa import Mesa, mesa, montar

__all__ = ["mesa", "montar"]
SP = "America/Sao_Paulo"
DEPOIS = (datetime.now(UTC) + timedelta(hours=1)).astimezone(ZoneInfo(SP)).strftime("%Y-%m-%dT%H:%M:%S")


async def agendar(mesa: Mesa, sessao: Sessao, conversa: UUID | None = None, **extra: Any) -> Any:
    destino = (
        {"p_conversa_id": conversa}
        if conversa
        else {"p_contato_id": mesa.cena.contatos[0], "p_conexao_id": mesa.cena.conexao_id}
    )
    return await chamar(
        mesa.banco_api, "api.agendada_criar", **sessao.args, **{
            "p_tipo": "TEXTO", "p_conteudo": {"texto": "lembrete"}, "p_enviar_em": DEPOIS, "p_fuso": SP,
            **destino, **extra,
        },
    )  # fmt: skip


async def recusa(mesa: Mesa, sessao: Sessao, conversa: UUID | None = None) -> tuple[str, str] | None:
    try:
        await agendar(mesa, sessao, conversa)
    except Erro as erro:
        return erro.codigo, erro.corpo.mensagem
    return None


async def disparar(mesa: Mesa, agendada: Any) -> dict[str, Any]:
    for tabela, coluna, chave in (("mensagens_agendadas", "enviar_em", "id"), ("fila", "executar_em", "alvo_id")):
        mesa.admin.execute(
            f"update {tabela} set {coluna} = now() - interval '1 second' where {chave} = %s", [agendada["id"]]
        )
    await mesa.trabalhar()
    return mesa.um("select * from mensagens_agendadas where id = %s", agendada["id"])


def saidas(mesa: Mesa) -> list[dict[str, Any]]:
    return mesa.ver("select * from mensagens where cliente_id = %s and direcao = 'SAIDA'", mesa.cena.cliente_id)


async def test_ninguem_agenda_na_conversa_de_outra_pessoa(mesa: Mesa, montar: Callable[..., Any]) -> None:
    vendas = mesa.equipe("Vendas")
    ivo, ana = (mesa.agente("ATENDENTE", vendas, nome=n) for n in ("Ivo", "Ana"))
    lia = mesa.agente("SUPERVISOR", vendas, nome="Lia")
    conversa = mesa.conversa(equipe=vendas)
    await mesa.fazer("assumir", conversa, ivo)
    fora = ("ZCV25", "a conversa com este contato neste número é de outra pessoa ou equipe")
    dele = ("ZCV20", "Ivo está atendendo esta conversa")
    assert await recusa(mesa, ana) == fora, "out of sight: nobody is named"
    assert await recusa(mesa, ana, conversa) == ("ZNV01", "conversa não encontrada")
    for quem in (lia, mesa.dona):
        assert await recusa(mesa, quem) == dele and await recusa(mesa, quem, conversa) == dele
    velha = mesa.um(
        "insert into conversas (cliente_id, conexao_id, contato_id, status, resolvida_em, motivo_id)"
        " values (%s, %s, %s, 'RESOLVIDA', now(), %s) returning id",
        mesa.cena.cliente_id, mesa.cena.conexao_id, mesa.cena.contatos[0], mesa.motivo(),
    )["id"]  # fmt: skip
    assert await recusa(mesa, ana, velha) == fora, "through one that is over, into the open one"
    assert mesa.ver("select from mensagens_agendadas where cliente_id = %s", mesa.cena.cliente_id) == []
    assert await recusa(mesa, ivo) is None and await recusa(mesa, ivo, conversa) is None
    outra: Mesa = await montar()
    with pytest.raises(Erro) as erro:
        await agendar(mesa, outra.dona, p_contato_id=mesa.cena.contatos[0], p_conexao_id=mesa.cena.conexao_id)
    assert erro.value.codigo == "ZNC01"


async def test_de_ninguem_e_sem_conversa_segue_a_equipe(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo, ana = mesa.agente("ATENDENTE", vendas), mesa.agente("ATENDENTE", suporte)
    mesa.admin.execute("update conexoes set equipe_id = %s where id = %s", [vendas, mesa.cena.conexao_id])
    fora = ("ZCV25", "a conversa com este contato neste número é de outra pessoa ou equipe")
    assert await recusa(mesa, ana) == fora, "where a new one would land"
    mesa.conversa(equipe=vendas)
    assert await recusa(mesa, ana) == fora and await recusa(mesa, ivo) is None


async def test_na_hora_confere_de_novo(mesa: Mesa) -> None:
    vendas = mesa.equipe("Vendas")
    ivo, ana = (mesa.agente("ATENDENTE", vendas, nome=n) for n in ("Ivo", "Ana"))
    lia = mesa.agente("SUPERVISOR", vendas, nome="Lia")
    conversa = mesa.conversa(equipe=vendas)
    de_ana, de_lia, de_ivo = [await agendar(mesa, quem) for quem in (ana, lia, ivo)]
    await mesa.fazer("assumir", conversa, ivo)
    escondida, vista, propria = [await disparar(mesa, a) for a in (de_ana, de_lia, de_ivo)]
    assert (escondida["status"], escondida["motivo"], escondida["mensagem_id"]) == ("FALHOU", "ZCV25", None)
    assert escondida["motivo_texto"] == "a conversa com este contato neste número é de outra pessoa ou equipe"
    assert (vista["status"], vista["motivo"]) == ("FALHOU", "ZCV20")
    assert vista["motivo_texto"] == "Ivo está atendendo esta conversa"
    assert propria["status"] == "DISPARADA"
    (m,) = saidas(mesa)
    assert (m["usuario_id"], m["conversa_id"]) == (ivo.usuario_id, conversa)
    assert mesa.ver("select from fila where cliente_id = %s and tipo = 'agendada_disparar'", mesa.cena.cliente_id) == []
    lida = await chamar(mesa.banco_api, "api.agendada_obter", **ana.args, p_id=UUID(de_ana["id"]))
    assert lida["motivoTexto"] == escondida["motivo_texto"], "whoever wrote it can read why"


async def test_de_ninguem_sai_e_continua_de_ninguem(mesa: Mesa) -> None:
    ivo, ana = mesa.agente(nome="Ivo"), mesa.agente(nome="Ana")
    conversa = mesa.conversa()
    a = await agendar(mesa, ana)
    await mesa.fazer("assumir", conversa, ivo)
    resolver(mesa.admin, mesa.cena.cliente_id, conversa)
    nova = mesa.conversa()
    assert (await disparar(mesa, a))["status"] == "DISPARADA", "the one that somebody had is over"
    assert [m["conversa_id"] for m in saidas(mesa)] == [nova]
    v = mesa.estado(nova)
    assert (v["status"], v["usuario_id"]) == ("ABERTA", None) and mesa.quebradas() == []


async def test_serie_falha_onde_outro_fala_e_volta_depois(mesa: Mesa) -> None:
    ivo, ana = mesa.agente(nome="Ivo"), mesa.agente(nome="Ana")
    conversa = mesa.conversa()
    a = await agendar(mesa, ana, p_recorrencia="DIARIA")
    await mesa.fazer("assumir", conversa, ivo)
    assert (await disparar(mesa, a))["motivo"] == "ZCV25"
    await mesa.fazer("liberar", conversa, ivo)
    seguinte = mesa.um("select id from mensagens_agendadas where serie_id = %s and numero = 1", a["serieId"])
    assert (await disparar(mesa, seguinte))["status"] == "DISPARADA"


async def test_quem_saiu_so_fala_onde_ninguem_fala(mesa: Mesa) -> None:
    ivo, ana = mesa.agente(nome="Ivo"), mesa.agente(nome="Ana")
    conversa = mesa.conversa()
    a, b = [await agendar(mesa, ana) for _ in range(2)]
    await chamar(mesa.banco_api, "api.usuario_desativar", **mesa.dona.args, p_id=ana.usuario_id)
    assert (await disparar(mesa, a))["status"] == "DISPARADA"
    await mesa.fazer("assumir", conversa, ivo)
    assert (await disparar(mesa, b))["motivo"] == "ZCV25"
