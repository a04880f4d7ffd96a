"""Campaigns: launched at once, and written little by little."""

from __future__ import annotations

from uuid import UUID

from tests.arquitetura.cenario.gravador import AMANHA, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, conexao: str, modelo: str, contatos: list[str]) -> None:
    pedido: dict[str, object] = {
        "p_nome": "Novembro", "p_conexao_id": UUID(conexao), "p_modelo_id": UUID(modelo),
        "p_variaveis": cru({"1": "{{contato.nome|cliente}}"}), "p_contato_ids": [UUID(c) for c in contatos],
    }  # fmt: skip
    campanha = await chamar("api.campanha_criar", **pedido)
    id_ = campanha["id"]
    await chamar("api.campanha_atualizar", p_id=id_, p_versao=campanha["versao"], **{**pedido, "p_nome": "Dezembro"})
    simulada = await chamar("api.campanha_simular", p_id=id_)
    assert simulada["amostra"] and simulada["pulados"], "the scenario has one recipient of each kind"
    await chamar("api.campanha_iniciar", p_id=id_, p_resumo=simulada["resumo"])
    await chamar("api.campanha_pausar", p_id=id_)
    await chamar("api.campanha_retomar", p_id=id_)
    await chamar("api.campanha_obter", p_id=id_)
    await chamar("api.campanhas_listar")
    logs = await chamar("api.campanha_logs_listar", p_id=id_)
    await chamar("api.contato_campanhas_listar", p_contato_id=UUID(logs["dados"][0]["contatoId"]))
    motivos = sorted({log["motivo"] for log in logs["dados"] if log["motivo"]})
    await chamar("api.campanha_reenviar", p_id=id_, p_motivos=motivos)
    outra = await chamar("api.campanha_criar", **{**pedido, "p_nome": "Desistida"})
    await chamar("api.campanha_cancelar", p_id=outra["id"])
    andamento = await chamar("api.campanha_andamento_obter", p_id=id_)
    assert andamento["motivos"] and andamento["registro"], "the scenario skips somebody and is audited"
    await _rascunho(chamar, conexao, modelo, contatos)


async def _rascunho(chamar: Gravador, conexao: str, modelo: str, contatos: list[str]) -> None:
    await chamar("api.campanha_publico_simular", p_filtro=cru({"origem": "MANUAL"}))
    rascunho = await chamar("api.campanha_rascunho_criar", p_nome="Aos poucos", p_filtro=cru({}))
    id_ = rascunho["id"]

    async def passo(funcao: str, **argumentos: object) -> None:
        nonlocal rascunho
        rascunho = await chamar(f"api.campanha_{funcao}_atualizar", p_id=id_, p_versao=rascunho["versao"], **argumentos)

    await passo("publico", p_nome="Aos poucos, sim", p_filtro=cru({"marketing": "NAO_INFORMADO"}))
    await passo("modelo", p_modelo_id=UUID(modelo))
    await passo("modelo", p_modelo_id=UUID(modelo), p_variaveis=cru({"1": "{{contato.nome|cliente}}"}))
    await passo("envio", p_conexao_id=UUID(conexao), p_intervalo_ms=50, p_agendado_para=AMANHA)
    escrito = await chamar("api.campanha_rascunho_obter", p_id=id_)
    assert escrito["modelo"]["campos"] and escrito["numeros"]
    await chamar("api.campanha_previa_obter", p_id=id_, p_pessoa=1)
    contato = await chamar("api.contato_obter", p_id=contatos[0])
    await chamar("api.campanha_testar", p_id=id_, p_telefone=contato["telefone"])
    plano = await chamar("api.campanha_simular", p_id=id_)
    await chamar(
        "api.campanha_lancar", p_id=id_, p_versao=rascunho["versao"], p_resumo=plano["resumo"], p_ciente=True,
    )  # fmt: skip
    await chamar("api.campanha_agendamento_cancelar", p_id=id_)
    await chamar("api.campanha_cancelar", p_id=id_, p_nome="aos poucos, sim")
