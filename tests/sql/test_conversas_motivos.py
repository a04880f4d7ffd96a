"""Resolving says why, and whoever comes back afterwards finds it open again or a new one."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.erros import Erro
from tests.conftest import Sessao, chamar
from tests.sql.mesa import Mesa, daqui, mesa, montar

__all__ = ["mesa", "montar"]


async def test_motivo_e_obrigatorio_e_e_do_cliente(mesa: Mesa, bia: Sessao) -> None:
    conversa = mesa.conversa()
    outra = await chamar(mesa.banco_api, "api.motivo_criar", **bia.args, p_nome="Da vizinha")
    for motivo, codigo in ((None, "ZRV63"), (uuid4(), "ZNV20"), (UUID(outra["id"]), "ZNV20")):
        assert await mesa.recusa("resolver", conversa, p_motivo_id=motivo) == codigo
    nomes = [m["nome"] for m in (await chamar(mesa.banco_api, "api.motivos_listar", **mesa.dona.args))["dados"]]
    assert nomes == ["Resolvido", "Sem resposta da pessoa", "Não era atendimento", "Duplicada"]
    motivo = await chamar(mesa.banco_api, "api.motivo_criar", **mesa.dona.args, p_nome=" Vendeu ")
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_criar", **mesa.dona.args, p_nome="Vendeu")
    assert (erro.value.status, erro.value.codigo) == (409, "ZCV21")
    await mesa.fazer("resolver", conversa, p_motivo_id=UUID(motivo["id"]), p_observacao="levou dois")
    for funcao, extra in (("api.motivo_remover", {}), ("api.motivo_atualizar", {"p_ativo": False})):
        with pytest.raises(Erro) as erro:
            await chamar(mesa.banco_api, funcao, **bia.args, p_id=UUID(motivo["id"]), **extra)
        assert erro.value.codigo == "ZNV20"
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_remover", **mesa.dona.args, p_id=UUID(motivo["id"]))
    assert erro.value.codigo == "ZCV23"
    await chamar(mesa.banco_api, "api.motivo_atualizar", **mesa.dona.args, p_id=UUID(motivo["id"]), p_ativo=False)
    assert await mesa.recusa("resolver", mesa.conversa(1), p_motivo_id=UUID(motivo["id"])) == "ZRV72"
    atendente = mesa.agente()
    with pytest.raises(Erro) as erro:
        await chamar(mesa.banco_api, "api.motivo_criar", **atendente.args, p_nome="Meu")
    assert erro.value.codigo == "ZPG01"
    pagina = await chamar(
        mesa.banco_api, "api.conversa_historico_listar", **mesa.dona.args, p_conversa_id=conversa, p_limite=1
    )
    assert pagina["dados"][0]["motivo"] == "Vendeu: levou dois" and pagina["dados"][0]["para"]["status"] == "RESOLVIDA"


async def reabertura(mesa: Mesa, politica: str, horas: int) -> None:
    feita = await chamar(
        mesa.banco_api, "api.conexao_atualizar", **mesa.dona.args, p_id=mesa.cena.conexao_id, p_reabertura=politica,
        p_reabertura_horas=horas,
    )  # fmt: skip
    assert (feita["reabertura"], feita["reaberturaHoras"]) == (politica, horas)


@pytest.mark.parametrize(
    ("politica", "horas", "resolvida_ha", "reabre"),
    [
        ("REABRIR", 24, 3600, True),
        ("REABRIR", 24, 25 * 3600, False),
        ("REABRIR", 0, 1, False),
        ("NOVA", 24, 1, False),
    ],
)
async def test_quem_volta_depois_de_resolvida(
    mesa: Mesa, politica: str, horas: int, resolvida_ha: int, reabre: bool
) -> None:
    equipe = mesa.equipe()
    conversa = mesa.conversa(equipe=equipe)
    await reabertura(mesa, politica, horas)
    mesa.admin.execute("update conexoes set equipe_id = %s where id = %s", [equipe, mesa.cena.conexao_id])
    await mesa.fazer("assumir", conversa)
    await mesa.fazer("resolver", conversa, p_motivo_id=mesa.motivo())
    mesa.admin.execute(
        "update conversas set resolvida_em = now() - %s * interval '1 second' where id = %s", [resolvida_ha, conversa]
    )
    await mesa.chegar(0, "voltei")
    conversas = mesa.ver("select * from conversas where cliente_id = %s order by id", mesa.cena.cliente_id)
    aberta = conversas[-1]
    assert [v["status"] for v in conversas] == (["ABERTA"] if reabre else ["RESOLVIDA", "ABERTA"])
    assert (aberta["usuario_id"], aberta["equipe_id"], aberta["nao_lidas"]) == (None, equipe, 1)
    assert aberta["fila_em"] > daqui(minutes=-1), "it waits since now"
    assert mesa.quebradas() == []
    assert mesa.historico(conversa) == ["ASSUMIDA", "RESOLVIDA", *(["REABERTA", "LIBERADA"] if reabre else [])]
