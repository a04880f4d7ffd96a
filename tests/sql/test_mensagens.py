"""The messages of a conversation: the place each one gets, once; reading, typing, pages and ticks."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.erros import Erro
from tests.sql import cenas
from tests.sql.balcao import Balcao, balcao, montar, vizinha
from tests.sql.cenas import Cena

__all__ = ["balcao", "montar", "vizinha"]


async def test_ordem_e_a_da_trava(balcao: Balcao) -> None:
    """Thirty at once: thirty places, none twice, none missing."""
    await asyncio.gather(*(balcao.texto(f"m{n}") for n in range(30)))
    ordens = balcao.admin.execute(
        "select m.ordem, f.ordem as na_fila, f.prioridade, f.expira_em > now() + interval '23 hours' as dura"
        " from mensagens m join fila f on f.alvo_id = m.id where m.conversa_id = %s order by m.ordem",
        [balcao.conversa],
    ).fetchall()
    assert [o["ordem"] for o in ordens] == list(range(1, 31))
    assert all(o["ordem"] == o["na_fila"] and o["prioridade"] == 1 and o["dura"] for o in ordens)


async def test_limite_de_espera(balcao: Balcao) -> None:
    await balcao.texto()
    balcao.mudar(
        "insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, chave_ordem, ordem)"
        " select %s, 'mensagem_enviar', %s, 1, now(), uuidv7(), %s, n from generate_series(1001, 1199) as n",
        balcao.cena.cliente_id, balcao.cena.conexao_id, balcao.conversa,
    )  # fmt: skip
    with pytest.raises(Erro) as erro:
        await balcao.texto()
    assert (erro.value.status, erro.value.codigo, erro.value.espera_s) == (429, "ZLV01", 30)


async def test_repetir_a_chave_repete_a_resposta(balcao: Balcao) -> None:
    primeira = await balcao.texto(p_chave_idempotencia="k1")
    assert await balcao.texto(p_chave_idempotencia="k1") == primeira
    assert balcao.contar() == (1, 1)
    with pytest.raises(Erro) as erro:
        await balcao.texto("outra coisa", p_chave_idempotencia="k1")
    assert erro.value.codigo == "ZCG03"


async def test_ler_uma_vez_por_mensagem(balcao: Balcao) -> None:
    b = balcao
    lida = await b.chamar("api.conversa_ler", p_id=b.conversa)
    assert lida["naoLidas"] == 0
    fila = b.um(
        "select alvo_id, execucao, conexao_id from fila where cliente_id = %s and tipo = 'leitura_marcar'",
        b.cena.cliente_id,
    )
    assert fila == {"alvo_id": b.entrada, "execucao": "BORDA", "conexao_id": b.cena.conexao_id}
    b.mudar("delete from fila where cliente_id = %s", b.cena.cliente_id)
    await b.chamar("api.conversa_ler", p_id=b.conversa)
    n = b.um("select count(*) as n from fila where cliente_id = %s", b.cena.cliente_id)
    assert n == {"n": 0}, "told already"


async def test_digitar_uma_vez_a_cada_vinte_segundos(balcao: Balcao) -> None:
    b = balcao
    mostrados = [(await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"] for _ in range(3)]
    assert mostrados == [True, False, False]
    b.mudar("update conversas set digitando_em = now() - interval '21 seconds' where id = %s", b.conversa)
    assert (await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"]
    b.mudar("update conversas set digitando_em = null, janela_expira_em = now() where id = %s", b.conversa)
    assert not (await b.chamar("api.conversa_digitar", p_id=b.conversa))["mostrado"]


async def test_paginas_de_mensagens_e_conversas(balcao: Balcao) -> None:
    b = balcao
    for n in range(7):
        await b.texto(f"m{n}")
    vistas, cursor = [], None
    while True:
        pagina = await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa, p_limite=3, p_cursor=cursor)
        vistas += [m["corpo"] for m in pagina["dados"]]
        cursor = pagina["meta"]["proximoCursor"]
        if cursor is None:
            break
    assert vistas == [f"m{n}" for n in range(6, -1, -1)] + ["bom dia"]


async def test_tiques_e_motivos(balcao: Balcao) -> None:
    b = balcao
    m = UUID((await b.texto())["id"])
    passos: list[tuple[str, str, str | None]] = [
        ("status = 'ENVIANDO'", "ESPERA", None),
        ("status = 'INCERTO', motivo = 'SEM_RESPOSTA'", "DUVIDA", "Não foi possível"),
        ("status = 'ENVIADO', motivo = null", "ENVIADA", None), ("entregue_em = now()", "ENTREGUE", None),
        ("lido_em = now()", "LIDA", None), ("status = 'FALHOU', motivo = 'WINDOW'", "ERRO", "Só um modelo aprovado"),
        ("erro_texto = 'texto do provedor'", "ERRO", "texto do provedor"),
    ]  # fmt: skip
    for mudanca, tique, motivo in passos:
        b.mudar(f"update mensagens set {mudanca} where id = %s", m)
        vista = await b.chamar("api.mensagem_obter", p_id=m)
        assert vista["tique"] == tique
        assert (vista["motivoTexto"] or "").startswith(motivo or "") and bool(vista["motivoTexto"]) == bool(motivo)


async def test_o_id_que_a_tela_ja_mostra(balcao: Balcao, vizinha: Cena) -> None:
    b, id_ = balcao, uuid4()
    feitas = await asyncio.gather(*(b.texto("oi", p_id=id_) for _ in range(6)))
    assert {f["id"] for f in feitas} == {str(id_)} and b.contar() == (1, 1)
    assert (await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa))["dados"][0]["id"] == str(id_)
    with pytest.raises(Erro) as erro:
        await b.texto("outra coisa", p_id=id_)
    assert erro.value.codigo == "ZCG03"
    # under another key it is simply taken: by oneself, by a colleague, or out of sight, all answer the same
    oculta = cenas.escrever(b.admin, b.cena, cenas.conversar(b.admin, b.cena, b.cena.contatos[1]))
    b.mudar("update conversas set equipe_id = null where contato_id = %s", b.cena.contatos[1])
    recusas = []
    for usado in (id_, b.entrada, oculta):
        with pytest.raises(Erro) as erro:
            await b.texto("oi", p_id=usado, p_chave_idempotencia=f"k-{usado}")
        recusas.append((erro.value.status, erro.value.corpo))
    assert recusas[0] == recusas[1] == recusas[2]
    assert (recusas[0][0], recusas[0][1].codigo) == (409, "ZCV80")
    # of another tenant: nothing there knows it
    dela = cenas.escrever(b.admin, vizinha, cenas.conversar(b.admin, vizinha, vizinha.contatos[0]))
    assert (await b.texto("oi", p_id=dela))["id"] == str(dela)


async def test_a_conversa_para_a_frente_e_em_torno_de_uma(balcao: Balcao) -> None:
    b = balcao
    for n in range(20):
        cenas.escrever(b.admin, b.cena, b.conversa, f"m{n}")
    # three of each instant, so that the id has to decide
    b.mudar(
        "update mensagens m set ocorrido_em = now() - (x.n / 3) * interval '1 minute' from (select id,"
        " row_number() over (order by id desc) as n from mensagens where conversa_id = %s) as x where m.id = x.id",
        b.conversa,
    )
    ordem = [
        str(x["id"]) for x in b.admin.execute(
            "select id from mensagens where conversa_id = %s order by ocorrido_em, id", [b.conversa]
        ).fetchall()
    ]  # fmt: skip

    async def listar(**extra: Any) -> tuple[list[str], str | None]:
        pagina = await b.chamar("api.mensagens_listar", p_conversa_id=b.conversa, **extra)
        return [m["id"] for m in pagina["dados"]], pagina["meta"]["proximoCursor"]

    for i, id_ in enumerate(ordem):
        vistas: list[str] = []
        cursor = None
        while True:
            pagina, cursor = await listar(p_apos=UUID(id_), p_limite=6, p_cursor=cursor)
            vistas += pagina
            if cursor is None:
                break
        assert vistas == ordem[i + 1 :]
        pagina, cursor = await listar(p_em_torno_de=UUID(id_), p_limite=6)
        assert pagina == ordem[max(0, i - 5 + min(3, len(ordem) - 1 - i)) : i + 4][::-1] and id_ in pagina
        resto, _ = (await listar(p_cursor=cursor, p_limite=50)) if cursor else ([], None)
        assert resto == ordem[: ordem.index(pagina[-1])][::-1]
    with pytest.raises(Erro) as erro:
        await listar(p_apos=UUID(ordem[0]), p_em_torno_de=UUID(ordem[0]))
    assert erro.value.status == 400
    alheia = cenas.escrever(b.admin, b.cena, cenas.conversar(b.admin, b.cena, b.cena.contatos[1]))
    for campo in ("p_apos", "p_em_torno_de"):
        for id_ in (alheia, uuid4()):
            with pytest.raises(Erro) as erro:
                await listar(**{campo: id_})
            assert (erro.value.status, erro.value.codigo) == (404, "ZNV02")
