"""An automatic team's queue is given out without being asked for."""

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec

from tests.conftest import chamar
from tests.sql.salao import Automatica, Salao, automatica, puxar_tudo, salao

__all__ = ["salao"]


async def test_a_quem_atende_menos_e_nao_recebe_ha_mais_tempo(salao: Salao) -> None:
    ivo, lia, rui = await salao.atendentes(3, capacidade=2)
    fila = await automatica(salao, ivo, lia, rui)
    await salao.chamar("api.disponibilidade_atualizar", rui, p_disponibilidade="PAUSA")
    salao.admin.execute("update usuarios set recebeu_em = now() where id = %s", [ivo.usuario_id])
    recebem: list[UUID | None] = []
    for _ in range(5):
        id_ = fila.chegar()
        await salao.executar()
        recebem += fila.donos(id_)
    ivo_id, lia_id = ivo.usuario_id, lia.usuario_id
    assert recebem == [lia_id, ivo_id, lia_id, ivo_id, None], "in turns, up to what each serves"
    ultima = salao.ver("select id from conversas where cliente_id = $c and usuario_id is null")[0]["id"]
    # a slot: the one who resolved
    minha = salao.ver("select id from conversas where cliente_id = $c and usuario_id = %s", lia_id)[0]["id"]
    salao.resolver(minha)
    await salao.executar()
    assert fila.donos(ultima) == [lia_id]
    outra = fila.chegar()
    await salao.executar()
    assert fila.donos(outra) == [None]
    # a slot: the one who is back
    await salao.chamar("api.disponibilidade_atualizar", rui, p_disponibilidade="DISPONIVEL")
    await salao.executar()
    assert fila.donos(outra) == [rui.usuario_id]
    assert salao.ver("select from fila where cliente_id = $c and tipo like '%%distribuir'") == []


async def test_manual_ninguem_recebe_sem_pedir(salao: Salao) -> None:
    """A control of the above, and what already waits goes out when the team is made automatic."""
    (ivo,) = await salao.atendentes(1)
    fila = Automatica(salao, await salao.equipe(ivo))
    ids = [fila.chegar(n) for n in (3, 2)]
    await salao.executar()
    assert fila.donos(*ids) == [None, None]
    await salao.chamar(
        "api.equipe_atendimento_atualizar", p_id=fila.equipe, p_calendario_id=None, p_distribuicao="AUTOMATICA"
    )
    await salao.executar()
    assert fila.donos(*ids) == [ivo.usuario_id] * 2


async def test_fechada_a_equipe_a_fila_espera_que_abra(salao: Salao) -> None:
    (ivo,) = await salao.atendentes(1)
    calendario, abre = await salao.calendario_fechado("Noite")
    fila = await automatica(salao, ivo, calendario=calendario)
    id_ = fila.chegar()
    await salao.executar()
    assert fila.donos(id_) == [None]
    (trabalho,) = salao.ver("select executar_em from fila where cliente_id = $c and alvo_id = %s", id_)
    assert trabalho["executar_em"] == abre


async def test_sem_quem_possa_dar_o_trabalho_nao_volta_a_cada_segundo(salao: Salao) -> None:
    """A calendar without an hour in it is looked at later; a team that is off, when it is on again."""
    (ivo,) = await salao.atendentes(1)
    vazio = await salao.chamar("api.calendario_criar", p_nome="Vazio", p_fuso="UTC", p_faixas=msgspec.Raw(b"[]"))
    fila = await automatica(salao, ivo, calendario=UUID(vazio["id"]))
    id_ = fila.chegar()
    await salao.executar()
    trabalho = (
        "select executar_em > now() + interval '30 minutes' as longe from fila where cliente_id = $c and alvo_id = %s"
    )
    assert salao.ver(trabalho, id_) == [{"longe": True}]
    salao.ver("update equipes set ativo = false, calendario_id = null where id = %s returning id", fila.equipe)
    salao.ver("update fila set executar_em = now() where alvo_id = %s returning id", id_)
    await salao.executar()
    assert salao.ver(trabalho, id_) == [] and fila.donos(id_) == [None]
    salao.ver("update equipes set ativo = true where id = %s returning id", fila.equipe)
    await salao.executar()
    assert fila.donos(id_) == [ivo.usuario_id]


async def test_quem_volta_espera_pelo_dono_antes_de_ser_dada(salao: Salao) -> None:
    ivo, lia = await salao.atendentes(2, capacidade=1)
    fila = await automatica(salao, ivo, lia)
    salao.dono(30, fila.equipe)
    id_ = fila.chegar()
    await salao.executar()
    (dono,) = fila.donos(id_)
    salao.resolver(id_)
    await salao.chamar(
        "api.disponibilidade_atualizar", ivo if dono == ivo.usuario_id else lia, p_disponibilidade="PAUSA"
    )
    salao.voltar(id_)
    await salao.executar()
    assert fila.donos(id_) == [None]
    await salao.vencer(id_)
    await salao.executar()
    assert fila.donos(id_) == [lia.usuario_id if dono == ivo.usuario_id else ivo.usuario_id]


async def test_varios_distribuem_e_puxam_ao_mesmo_tempo(salao: Salao) -> None:
    """Workers and people at once: each conversation once, nobody above what he serves, no slot left idle."""
    sessoes = await salao.atendentes(10, capacidade=5)
    fila = await automatica(salao, *sessoes)
    for n in range(60):
        fila.chegar(n)

    async def um_a_um() -> None:
        while await chamar(
            salao.banco_worker, "worker.interno_executar", p_cliente_id=salao.cena.cliente_id, p_limite=1
        ):
            pass

    await asyncio.gather(*(um_a_um() for _ in range(6)), puxar_tudo(salao, sessoes[:5]))
    for _ in range(3):
        salao.admin.execute("update fila set executar_em = now() where tipo like '%distribuir'")
        await salao.executar()
    cargas = salao.ver(
        "select usuario_id, count(*) as n from conversas where cliente_id = $c and usuario_id is not null group by 1"
    )
    assert sorted(c["n"] for c in cargas) == [5] * 10
    assert salao.ver("select count(*) as n from conversas where cliente_id = $c and usuario_id is null")[0]["n"] == 10
    dadas = salao.ver("select conversa_id, count(*) as n from conversas_historico where cliente_id = $c group by 1")
    assert {d["n"] for d in dadas} == {1}, "each given once"
