"""What may be done with a conversation in each state, put off and undone included, and what the table refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.erros import Erro
from tests.conftest import chamar
from tests.sql.cenas import resolver
from tests.sql.mesa import Mesa, daqui, levar, mesa, montar

__all__ = ["mesa", "montar"]
ESTADOS = ("ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA", "RESOLVIDA")


async def test_cada_ato_em_cada_estado(mesa: Mesa) -> None:
    """An act ends where the table lets it, or is refused and changes nothing."""
    passos = {(t["de"], t["para"]) for t in mesa.ver("select de, para from transicoes where maquina = 'conversas'")}
    assert ("ABERTA", "AGUARDANDO_CLIENTE") not in passos, "a table that lets everything through proves nothing"
    equipe = mesa.equipe()
    atos: dict[str, tuple[str, dict[str, Any]]] = {
        "assumir": ("EM_ATENDIMENTO", {}),
        "atribuir": ("EM_ATENDIMENTO", {"p_usuario_id": mesa.dona.usuario_id}),
        "transferir": ("ABERTA", {"p_equipe_id": equipe}),
        "liberar": ("ABERTA", {}),
        "aguardar": ("AGUARDANDO_CLIENTE", {}),
        "adiar": ("ADIADA", {"p_ate": daqui(hours=2)}),
        "resolver": ("RESOLVIDA", {"p_motivo_id": mesa.motivo()}),
        "reabrir": ("ABERTA", {}),
    }
    # from resolved there is one way out, and what changes nothing is refused; these keep the state and change the rest
    so_reabrindo = {"assumir", "atribuir", "transferir", "liberar"}
    ficam = {
        ("assumir", "EM_ATENDIMENTO"),
        ("atribuir", "EM_ATENDIMENTO"),
        ("transferir", "ABERTA"),
        ("adiar", "ADIADA"),
    }
    vistos: dict[tuple[str, str], str | None] = {}
    for ato, (para, argumentos) in atos.items():
        for de in ESTADOS:
            resolver(mesa.admin, mesa.cena.cliente_id)
            conversa = mesa.conversa()
            await levar(mesa, conversa, de)
            antes = mesa.estado(conversa)
            codigo = await mesa.recusa(ato, conversa, **argumentos)
            depois = mesa.estado(conversa)
            vistos[ato, de] = codigo
            if codigo is None:
                assert depois["status"] == para and ((de, para) in passos or (ato, de) in ficam), (ato, de)
            else:
                assert depois == antes, (ato, de)
            pode = ((de, para) in passos and not (de == "RESOLVIDA" and ato in so_reabrindo)) or (ato, de) in ficam
            if (ato, de) in {("liberar", "ADIADA"), ("reabrir", "EM_ATENDIMENTO")} or (
                ato == "reabrir" and de != "RESOLVIDA"
            ):
                pode = False  # it has no owner to lose; it is not resolved
            assert (codigo is None) == pode, (ato, de, codigo)
    assert mesa.quebradas() == []
    assert {c for c in vistos.values() if c} == {"ZCV04", "ZCV22", "ZCG01"}


async def test_a_restricao_recusa_o_que_nao_se_sustenta(mesa: Mesa) -> None:
    """Negative control: whoever goes round the functions meets the table."""
    conversa = mesa.conversa()
    for mudanca in (
        "status = 'EM_ATENDIMENTO'", "status = 'ADIADA'", "status = 'RESOLVIDA'", "status = 'AGUARDANDO_CLIENTE'",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as erro:
            mesa.admin.execute(f"update conversas set {mudanca} where id = %s", [conversa])
        assert erro.value.sqlstate in {"23514", "ZCG01"}, mudanca
    mesa.admin.execute("update conversas set usuario_id = %s where id = %s", [mesa.dona.usuario_id, conversa])
    v = mesa.estado(conversa)
    assert v["fila_em"] is None and v["controle"] == "HUMANO" and v["atribuida_em"] is not None
    mesa.admin.execute("update conversas set usuario_id = null where id = %s", [conversa])
    v = mesa.estado(conversa)
    assert v["fila_em"] is not None and v["controle"] == "FILA" and v["atribuida_em"] is None


async def test_adiada_volta_na_hora_e_quando_a_pessoa_escreve(mesa: Mesa) -> None:
    com_dono, sem_dono = mesa.conversa(0), mesa.conversa(1)
    await mesa.fazer("assumir", com_dono)
    for conversa in (com_dono, sem_dono):
        adiada = await mesa.fazer("adiar", conversa, p_ate=daqui(hours=1))
        assert adiada["status"] == "ADIADA"
    await mesa.trabalhar()
    assert [mesa.estado(c)["status"] for c in (com_dono, sem_dono)] == ["ADIADA", "ADIADA"], "not before its hour"
    # the hour passes
    mesa.admin.execute(
        "update conversas set adiada_ate = now() - interval '1 second' where cliente_id = %s", [mesa.cena.cliente_id]
    )
    mesa.admin.execute(
        "update fila set executar_em = now() - interval '1 second' where cliente_id = %s and tipo = 'conversa_acordar'",
        [mesa.cena.cliente_id],
    )
    await mesa.trabalhar()
    assert [mesa.estado(c)["status"] for c in (com_dono, sem_dono)] == ["EM_ATENDIMENTO", "ABERTA"]
    assert mesa.ver("select from fila where cliente_id = %s and tipo = 'conversa_acordar'", mesa.cena.cliente_id) == []
    # a later hour replaces the earlier one, and the old job does nothing
    await mesa.fazer("adiar", com_dono, p_ate=daqui(hours=1))
    await mesa.fazer("adiar", com_dono, p_ate=daqui(hours=30))
    (f,) = mesa.ver("select executar_em from fila where cliente_id = %s", mesa.cena.cliente_id)
    assert f["executar_em"] > daqui(hours=29)
    # the person writes
    await mesa.chegar(0)
    v = mesa.estado(com_dono)
    assert (v["status"], v["usuario_id"], v["adiada_ate"]) == ("EM_ATENDIMENTO", mesa.dona.usuario_id, None)
    await mesa.fazer("aguardar", com_dono)
    await mesa.chegar(0)
    assert mesa.estado(com_dono)["status"] == "EM_ATENDIMENTO"
    ultima = mesa.ver(
        "select tipo, usuario_id from conversas_historico where conversa_id = %s order by ocorrido_em, id", com_dono
    )[-1]
    assert (ultima["tipo"], ultima["usuario_id"]) == ("RETOMADA", None), "nobody did it"
    for ate in (daqui(seconds=-5), daqui(days=400)):
        assert await mesa.recusa("adiar", com_dono, p_ate=ate) == "ZRV68"


@pytest.mark.parametrize("antes", ["ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA"])
async def test_desfazer_devolve_estado_e_dono(mesa: Mesa, antes: str) -> None:
    conversa = mesa.conversa()
    await levar(mesa, conversa, antes)
    era = mesa.estado(conversa)
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    assert await mesa.recusa("desfazer", conversa, mesa.agente("SUPERVISOR")) in {"ZCV24", "ZNV01"}
    await mesa.fazer("desfazer", conversa)
    e = mesa.estado(conversa)
    iguais = ("status", "usuario_id", "equipe_id", "adiada_ate", "motivo_id", "resolvida_em", "controle")
    assert [e[c] for c in iguais] == [era[c] for c in iguais]
    # undoing the undoing gives the reason back, too
    if antes in {"ABERTA", "EM_ATENDIMENTO"}:
        await mesa.fazer("desfazer", conversa)
        e = mesa.estado(conversa)
        assert (e["status"], e["motivo_id"]) == ("RESOLVIDA", mesa.motivo())
    mesa.admin.execute("delete from conversas_historico where conversa_id = %s", [conversa])
    assert await mesa.recusa("desfazer", conversa) == "ZCV24"


async def test_desfazer_tem_prazo_e_cede_a_pessoa(mesa: Mesa) -> None:
    conversa = mesa.conversa()
    await mesa.fazer("assumir", conversa)
    await mesa.fazer("aguardar", conversa)
    await mesa.chegar(0)
    assert await mesa.recusa("desfazer", conversa) == "ZCV24", "the person wrote since"
    await mesa.fazer("liberar", conversa)
    mesa.admin.execute("alter table conversas_historico disable trigger _010_imutavel")
    mesa.admin.execute(
        "update conversas_historico set ocorrido_em = ocorrido_em - interval '11 minutes' where conversa_id = %s",
        [conversa],
    )
    mesa.admin.execute("alter table conversas_historico enable trigger _010_imutavel")
    assert await mesa.recusa("desfazer", conversa) == "ZCV24", "too late"
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    mesa.conversa()
    assert await mesa.recusa("desfazer", conversa) == "ZCV01", "the person has another one by now"
    assert await mesa.recusa("reabrir", conversa) == "ZCV01"


async def test_em_massa_diz_de_cada_uma(mesa: Mesa, montar: Callable[..., Any]) -> None:
    vizinha: Mesa = await montar(1)
    alheia = vizinha.conversa()
    equipe = mesa.equipe()
    ivo = mesa.agente("ATENDENTE", equipe, nome="Ivo")
    na_equipe, fora, resolvida = (
        mesa.conversa(0, equipe=equipe),
        mesa.conversa(1, equipe=mesa.equipe()),
        mesa.conversa(2),
    )
    await mesa.fazer("resolver", resolvida, p_motivo_id=mesa.motivo())
    antes = vizinha.estado(alheia)
    ninguem = uuid4()
    pedido = {
        **mesa.dona.args,
        "p_ids": [alheia, fora, na_equipe, ninguem, resolvida, na_equipe],
        "p_chave_idempotencia": "m1",
    }
    feito = await chamar(
        mesa.banco_api, "api.conversas_atualizar", **pedido, p_acao="ATRIBUIR", p_usuario_id=ivo.usuario_id
    )
    assert (feito["feitas"], feito["recusadas"]) == (1, 4)
    assert [(i["id"], i["codigo"]) for i in feito["itens"]] == [
        (str(alheia), "ZNV01"), (str(fora), "ZRV65"), (str(na_equipe), None), (str(ninguem), "ZNV01"),
        (str(resolvida), "ZCV04"),
    ]  # fmt: skip
    assert feito["itens"][0]["mensagem"] == feito["itens"][3]["mensagem"] == "conversa não encontrada"
    assert vizinha.estado(alheia) == antes and vizinha.historico(alheia) == []
    repetido = await chamar(
        mesa.banco_api, "api.conversas_atualizar", **pedido, p_acao="ATRIBUIR", p_usuario_id=ivo.usuario_id
    )
    assert repetido == feito and mesa.historico(na_equipe) == ["ATRIBUIDA"]
    etiqueta = UUID((await chamar(mesa.banco_api, "api.etiqueta_criar", **mesa.dona.args, p_nome="VIP"))["id"])
    for acao, extra, n in (
        ("ATRIBUIR", {"p_equipe_id": equipe}, 2), ("ETIQUETAR", {"p_adicionar": [etiqueta]}, 3),
        ("PRIORIZAR", {"p_prioridade": "URGENTE"}, 3), ("ADIAR", {"p_ate": daqui(hours=1)}, 2),
        ("RESOLVER", {"p_motivo_id": mesa.motivo()}, 2), ("RESOLVER", {"p_motivo_id": vizinha.motivo()}, 0),
        ("ETIQUETAR", {"p_adicionar": [uuid4()]}, 0),
    ):  # fmt: skip
        feito = await chamar(
            mesa.banco_api, "api.conversas_atualizar", **mesa.dona.args, p_ids=[fora, na_equipe, resolvida],
            p_acao=acao, **extra,
        )  # fmt: skip
        assert feito["feitas"] == n, (acao, feito)
    for ids, acao, extra, codigo in (
        ([], "RESOLVER", {"p_motivo_id": mesa.motivo()}, "22023"),
        ([uuid4() for _ in range(201)], "RESOLVER", {"p_motivo_id": mesa.motivo()}, "22023"),
        ([fora], "RESOLVER", {}, "ZRV70"), ([fora], "PRIORIZAR", {"p_prioridade": "X"}, "ZRV70"),
        ([fora], "APAGAR", {}, "ZRV70"), ([fora], "ATRIBUIR", {}, "ZRV70"), ([fora], "ADIAR", {}, "ZRV70"),
    ):  # fmt: skip
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, "api.conversas_atualizar", **mesa.dona.args, p_ids=ids, p_acao=acao, **extra)
        assert (erro.value.sqlstate or erro.value.codigo) == codigo, (acao, extra)
    with pytest.raises(Erro) as erro:
        await chamar(
            mesa.banco_api, "api.conversas_atualizar", **ivo.args, p_ids=[fora], p_acao="PRIORIZAR", p_prioridade="ALTA"
        )
    assert erro.value.codigo == "ZPG01"
