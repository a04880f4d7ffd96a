"""Whose a conversation is: taking it, giving it, starting it, leaving it behind."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.erros import Erro
from tests.conftest import chamar
from tests.sql.mesa import Mesa, daqui, mesa, montar

__all__ = ["mesa", "montar"]


async def test_assumir_diz_quem_a_tem(mesa: Mesa) -> None:
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe, nome=nome) for nome in ("Ivo", "Lia"))
    de_fora = mesa.agente("ATENDENTE", mesa.equipe("Outra"))
    conversa = mesa.conversa(equipe=equipe)
    feita = await mesa.fazer("assumir", conversa, ivo)
    assert (feita["status"], feita["controle"], feita["usuarioId"]) == ("EM_ATENDIMENTO", "HUMANO", str(ivo.usuario_id))
    with pytest.raises(Erro) as erro:
        await mesa.fazer("assumir", conversa, lia)
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV20")
    assert erro.value.corpo.mensagem == "Ivo está atendendo esta conversa"
    assert erro.value.corpo.detalhe == str(ivo.usuario_id)
    assert await mesa.recusa("assumir", conversa, de_fora) == "ZNV01", "who never saw the queue learns nothing"
    assert await mesa.recusa("assumir", conversa, lia, p_tomar=True) == "ZPV20"
    assert await mesa.recusa("assumir", conversa, ivo) is None, "it is already theirs"
    tomada = await mesa.fazer("assumir", conversa, p_tomar=True)
    assert tomada["usuarioId"] == str(mesa.dona.usuario_id)
    assert mesa.historico(conversa)[-1] == "ASSUMIDA"


async def test_a_quem_se_pode_dar(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo, lia = mesa.agente("ATENDENTE", vendas), mesa.agente("ATENDENTE", suporte)
    parado, mudo = mesa.agente("ATENDENTE", vendas), mesa.agente("ATENDENTE", vendas)
    mesa.admin.execute("update usuarios set ativo = false where id = %s", [parado.usuario_id])
    mesa.admin.execute(
        "update usuarios set perfil_id = (select id from perfis where cliente_id = %s and codigo = 'SUPERVISOR')"
        " where id = %s",
        [mesa.cena.cliente_id, mudo.usuario_id],
    )
    mesa.admin.execute(
        "delete from perfis_permissoes where cliente_id = %s and permissao = 'conversas:responder'"
        " and perfil_id = (select perfil_id from usuarios where id = %s)",
        [mesa.cena.cliente_id, mudo.usuario_id],
    )
    conversa = mesa.conversa(equipe=vendas)
    for quem, codigo in ((lia, "ZRV65"), (parado, "ZRV64"), (mudo, "ZRV66")):
        assert await mesa.recusa("atribuir", conversa, p_usuario_id=quem.usuario_id) == codigo
    assert await mesa.recusa("atribuir", conversa, p_usuario_id=uuid4()) == "ZNI02"
    assert await mesa.recusa("transferir", conversa, p_equipe_id=uuid4()) == "ZNI04"
    assert await mesa.recusa("transferir", conversa) == "ZRV71"
    assert (await mesa.fazer("atribuir", conversa, p_usuario_id=ivo.usuario_id))["usuarioId"] == str(ivo.usuario_id)
    assert await mesa.recusa("transferir", conversa, ivo, p_usuario_id=lia.usuario_id) == "ZRV65"
    passada = await mesa.fazer(
        "transferir", conversa, ivo, p_usuario_id=lia.usuario_id, p_equipe_id=suporte, p_motivo="defeito"
    )
    assert (passada["usuarioId"], passada["equipeId"]) == (str(lia.usuario_id), str(suporte))
    assert await mesa.recusa("liberar", conversa, ivo) == "ZNV01", "it is no longer theirs to see"
    mesa.admin.execute("update equipes set ativo = false where id = %s", [vendas])
    assert await mesa.recusa("transferir", conversa, lia, p_equipe_id=vendas) == "ZRV67"
    ultima = mesa.ver(
        "select usuario_id, dados from conversas_historico where conversa_id = %s order by ocorrido_em, id", conversa
    )[-1]
    assert ultima["usuario_id"] == ivo.usuario_id and ultima["dados"]["motivo"] == "defeito"
    assert ultima["dados"]["de"] == {"usuarioId": str(ivo.usuario_id), "equipeId": str(vendas)}


async def test_no_que_e_dos_outros_so_quem_atribui(mesa: Mesa) -> None:
    """A colleague who sees everything of the team, but may not assign, touches nothing of others."""
    equipe = mesa.equipe()
    ivo, lia = (mesa.agente("ATENDENTE", equipe) for _ in range(2))
    mesa.admin.execute(
        "update perfis set visibilidade = 'EQUIPE' where cliente_id = %s and codigo = 'ATENDENTE'",
        [mesa.cena.cliente_id],
    )
    conversa = mesa.conversa(equipe=equipe)
    await mesa.fazer("assumir", conversa, ivo)
    antes = mesa.estado(conversa)
    for verbo, extra in (
        ("atribuir", {"p_usuario_id": lia.usuario_id}), ("transferir", {"p_equipe_id": equipe}), ("liberar", {}),
        ("aguardar", {}), ("adiar", {"p_ate": daqui(hours=1)}), ("resolver", {"p_motivo_id": mesa.motivo()}),
        ("priorizar", {"p_prioridade": "ALTA"}), ("etiquetar", {"p_adicionar": [uuid4()]}),
    ):  # fmt: skip
        assert await mesa.recusa(verbo, conversa, lia, **extra) == "ZPV20", verbo
        assert (
            await mesa.recusa(verbo, conversa, ivo, p_versao=99, **extra) in {"ZCG02", "42883"} or verbo == "etiquetar"
        )
    assert mesa.estado(conversa) == antes
    supervisor = mesa.agente("SUPERVISOR", equipe)
    assert await mesa.recusa("priorizar", conversa, supervisor, p_prioridade="URGENTE") is None


async def test_quem_inicia_fica_com_a_conversa(mesa: Mesa) -> None:
    ivo, lia = (mesa.agente("SUPERVISOR", nome=n) for n in ("Ivo", "Lia"))
    pedido = {
        "p_contato_id": mesa.cena.contatos[0], "p_conexao_id": mesa.cena.conexao_id, "p_tipo": "MODELO",
        "p_conteudo": {"modeloId": str(mesa.cena.modelo_id), "parametros": {"1": "Ana", "2": "10%"}},
    }  # fmt: skip
    feita = await chamar(mesa.banco_api, "api.conversa_iniciar", **ivo.args, **pedido)
    assert feita["conversa"]["usuarioId"] == str(ivo.usuario_id)
    antes = mesa.estado(UUID(feita["conversa"]["id"]))
    for outra, codigo in ((lia, "ZCV25"), (mesa.dona, "ZCV20")):
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, "api.conversa_iniciar", **outra.args, **pedido)
        assert erro.value.codigo == codigo
    assert mesa.estado(UUID(feita["conversa"]["id"])) == antes, "refused, and nothing was touched"


async def test_quem_sai_nao_leva_as_conversas(mesa: Mesa) -> None:
    vendas, suporte = mesa.equipe("Vendas"), mesa.equipe("Suporte")
    ivo = mesa.agente("ATENDENTE", vendas, suporte)
    da_venda, do_suporte, adiada = (mesa.conversa(n, equipe=e) for n, e in enumerate((vendas, suporte, suporte)))
    for conversa in (da_venda, do_suporte, adiada):
        await mesa.fazer("assumir", conversa, ivo)
    await mesa.fazer("adiar", adiada, ivo, p_ate=daqui(hours=1))
    await chamar(mesa.banco_api, "api.equipe_atualizar", **mesa.dona.args, p_id=vendas, p_membros=[])
    assert [mesa.estado(c)["usuario_id"] for c in (da_venda, do_suporte)] == [None, ivo.usuario_id]
    v = mesa.estado(da_venda)
    assert (v["status"], v["equipe_id"]) == ("ABERTA", vendas)
    await chamar(mesa.banco_api, "api.usuario_desativar", **mesa.dona.args, p_id=ivo.usuario_id)
    assert [(mesa.estado(c)["status"], mesa.estado(c)["usuario_id"]) for c in (do_suporte, adiada)] == [
        ("ABERTA", None), ("ADIADA", None),
    ]  # fmt: skip
    (a,) = mesa.ver(
        "select detalhe from auditoria where cliente_id = %s and acao = 'usuario_desativado'", mesa.cena.cliente_id
    )
    assert a["detalhe"] == {"para": None, "conversasDadas": 0, "conversasDevolvidas": 2} and mesa.quebradas() == []
