"""The waiting queue: what comes first, to whom it may go, and what taking the next one costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.banco import Banco
from app.embutido import SUPERUSUARIO
from bench._espia import Espia
from tests.sql import cenas
from tests.sql.cenas import Admin
from tests.sql.salao import AGORA, Salao, salao

__all__ = ["salao"]


async def test_prioridade_e_depois_a_espera_mais_longa(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1, capacidade=20)
    minha, alheia = await salao.equipe(ivo), await salao.equipe()
    salao.esperar(alheia, 999, "URGENTE")
    esperadas = [
        salao.esperar(minha, 1, "URGENTE"),
        salao.esperar(None, 1, "ALTA"),
        salao.esperar(minha, 50),
        salao.esperar(None, 40),
        # answered and given back: waits since it lost its owner
        salao.esperar(minha, 30, espera_desde=None),
        # waited two days for a person who then wrote ten minutes ago
        salao.esperar(minha, 10, fila_em=AGORA - timedelta(days=2)),
        salao.esperar(minha, 500, "BAIXA"),
    ]
    # not for anybody: a bot speaks, it is put off, somebody has it, nobody ever wrote
    salao.esperar(minha, 900, controle="BOT")
    salao.esperar(minha, 900, status="ADIADA", adiada_ate=AGORA + timedelta(days=1))
    salao.esperar(minha, 900, status="EM_ATENDIMENTO", usuario_id=salao.cena.sessao.usuario_id)
    salao.esperar(minha, 900, espera_desde=None, ultima_entrada_em=None)
    naFila = (await salao.chamar("api.atendimento_obter", ivo))["naFila"]
    vistas = [await salao.proximo(ivo) for _ in range(len(esperadas) + 1)]
    assert vistas == [*esperadas, None]
    assert naFila == len(esperadas)


async def test_uma_fila_so_e_a_dos_outros(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2)
    (rui,) = await salao.atendentes(1, perfil="SUPERVISOR")
    salao.admin.execute(
        "update perfis set visibilidade = 'TODAS' where cliente_id = %s and id = %s",
        [salao.cena.cliente_id, rui.perfil_id],
    )
    vendas, suporte = await salao.equipe(ivo), await salao.equipe(lia)
    salao.esperar(None, 60)
    de_vendas, de_suporte = salao.esperar(vendas, 10), salao.esperar(suporte, 20)
    assert await salao.recusa(ivo, p_equipe_id=suporte) == "ZNI04"
    assert await salao.recusa(ivo, p_equipe_id=UUID(int=1)) == "ZNI04"
    assert await salao.proximo(ivo, vendas) == de_vendas
    assert await salao.proximo(ivo, vendas) is None, "the common queue was not asked for"
    assert await salao.proximo(rui, suporte) == de_suporte, "who sees every team may take from it"


async def test_de_outro_cliente_nada_se_recebe(
    salao: Salao, admin: Admin, banco_api: Banco, banco_worker: Banco, novo_cliente: Callable[..., Any]
) -> None:
    outro_cena = cenas.montar(admin, await novo_cliente("Outro"), 3)
    outro = Salao(outro_cena, admin, banco_api, banco_worker, iter(outro_cena.contatos))
    (ivo,) = await salao.atendentes(1)
    (eva,) = await outro.atendentes(1)
    dela = await outro.equipe(eva)
    id_ = outro.esperar(dela)
    outro.esperar(None)
    assert await salao.proximo(ivo) is None
    assert await salao.recusa(ivo, p_equipe_id=dela) == "ZNI04"
    assert {f["id"] for f in (await salao.chamar("api.filas_listar"))["dados"]} == {None}
    assert await outro.proximo(eva, dela) == id_


async def test_recusas_de_quem_nao_pode_receber(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1, capacidade=1)
    primeira, segunda = salao.esperar(minutos=2), salao.esperar()
    for estado in ("PAUSA", "AUSENTE"):
        mesa = await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade=estado, p_motivo="Almoço")
        assert (mesa["disponibilidade"], mesa["disponibilidadeMotivo"], mesa["naFila"]) == (estado, "Almoço", 2)
        assert await salao.recusa(ivo) == "ZCA06"
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="DISPONIVEL")
    assert await salao.proximo(ivo) == primeira
    assert await salao.recusa(ivo) == "ZCA05"
    mesa = await salao.chamar("api.atendimento_obter", ivo)
    assert (mesa["emAtendimento"], mesa["capacidade"], mesa["naFila"]) == (1, 1, 1)
    usuario = await salao.chamar("api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=2)
    assert usuario["capacidade"] == 2
    assert await salao.proximo(ivo) == segunda
    for extra, codigo in (
        ({"p_id": ivo.usuario_id, "p_capacidade": 201}, "ZRG01"),
        ({"p_id": ivo.usuario_id, "p_capacidade": 3, "p_versao": 1}, "ZCG02"),
        ({"p_id": UUID(int=1), "p_capacidade": 3}, "ZNI02"),
    ):
        assert await salao.recusa(salao.cena.sessao, "api.usuario_atendimento_atualizar", **extra) == codigo
    assert await salao.recusa(ivo, "api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=9) == "ZPG01"
    assert await salao.recusa(ivo, "api.disponibilidade_atualizar", p_disponibilidade="SUMIDO") == "ZRG01"


async def test_receber_ou_pausar_nao_encerra_a_sessao_guardada(salao: Salao) -> None:
    """What is kept at the edge of who somebody is (the proof of her session) stays good; her slots are news."""
    (ivo,) = await salao.atendentes(1)
    salao.esperar()

    def avisos() -> list[str]:
        vistos = salao.ver("delete from eventos where cliente_id = $c and alvo_id = %s returning tipo", ivo.usuario_id)
        return sorted({v["tipo"] for v in vistos})

    avisos()
    await salao.proximo(ivo)
    assert avisos() == []
    await salao.chamar("api.disponibilidade_atualizar", ivo, p_disponibilidade="PAUSA")
    assert avisos() == ["atendimento_mudou"]
    await salao.chamar("api.usuario_atendimento_atualizar", p_id=ivo.usuario_id, p_capacidade=9)
    assert avisos() == ["atendimento_mudou", "usuario_mudou"]
    salao.admin.execute("update usuarios set ativo = false where id = %s", [ivo.usuario_id])
    assert "sessao_mudou" in avisos(), "a control"


async def test_a_fila_se_le_pelo_indice_qualquer_que_seja_o_historico(
    salao: Salao, url_de: Callable[[str], str]
) -> None:
    """Twenty thousand conversations that are over cost the next one nothing: the index holds what waits."""
    (ivo,) = await salao.atendentes(1)
    equipe = await salao.equipe(ivo)
    salao.admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, status, motivo_id, ultima_entrada_em)"
        " select %(c)s, %(x)s, (%(p)s::uuid[])[1 + n %% 300], %(e)s, 'RESOLVIDA',"
        " (select id from motivos_resolucao where cliente_id = %(c)s limit 1), now()"
        " from generate_series(1, 20000) as n",
        {"c": salao.cena.cliente_id, "x": salao.cena.conexao_id, "p": salao.cena.contatos, "e": equipe},
    )
    for n in range(200):
        salao.esperar(equipe if n % 2 else None, n)
    salao.admin.execute("analyze conversas")
    espia = Espia(url_de(SUPERUSUARIO))
    try:
        visto = espia.ver(
            "crm_definidor",
            "select (interno.fila_pegar(%(c)s, %(u)s, array[%(e)s]::uuid[], true)).id",
            {"c": salao.cena.cliente_id, "u": ivo.usuario_id, "e": equipe},
            salao.cena.cliente_id,
        )
        das_conversas = [n for n in visto.nos if n.tabela == "conversas" or (n.indice or "").startswith("conversas")]
        assert {"conversas_fila_idx", "conversas_dono_id_idx"} <= visto.indices
        assert [n for n in das_conversas if n.tipo == "Seq Scan"] == []
        assert all("cliente_id" in n.condicao for n in das_conversas), das_conversas
        assert sum(n.descartadas for n in das_conversas) == 0 and max(n.lidas for n in das_conversas) <= 200
        assert visto.blocos < 3000
        tudo = espia.ver("crm_definidor", "select count(*) from conversas where versao = 7", {}, salao.cena.cliente_id)
        assert "conversas_fila_idx" not in tudo.indices, "a control: the same eyes see another way"
    finally:
        espia.fechar()
