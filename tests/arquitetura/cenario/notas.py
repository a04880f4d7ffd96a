"""What colleagues write inside a conversation: notes, mentions, drafts."""

from __future__ import annotations

from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador


async def percorrer(chamar: Gravador, admin: Admin, conversa: str, mensagem: str) -> None:
    eu, id_ = chamar.sessao.usuario_id, UUID(conversa)
    rascunho = await chamar(
        "api.rascunho_atualizar", p_conversa_id=id_, p_texto="Quase", p_contexto_id=UUID(mensagem), p_versao=0
    )
    await chamar("api.rascunho_atualizar", p_conversa_id=id_, p_texto="Quase lá", p_versao=rascunho["versao"])
    await chamar("api.rascunho_obter", p_conversa_id=id_)
    propria = await chamar("api.conversa_propria_obter", p_id=id_)
    assert propria["rascunho"]["texto"] == "Quase lá"
    nota = await chamar("api.nota_criar", p_conversa_id=id_, p_texto="Cliente antigo", p_mencoes=[eu])
    await chamar("api.notas_listar", p_conversa_id=id_)
    await chamar("api.nota_atualizar", p_id=UUID(nota["id"]), p_texto="Cliente antiga", p_versao=nota["versao"])
    # whoever mentions themselves has read it: as if a colleague had
    admin.execute("update mencoes set lida_em = null where nota_id = %s", [nota["id"]])
    await chamar("api.mencoes_listar")
    await chamar("api.conversa_colegas_listar", p_conversa_id=id_, p_ids=[eu])
    await chamar("api.conversa_fio_listar", p_conversa_id=id_, p_limite=200)
    await chamar("api.conversa_fio_listar", p_conversa_id=id_, p_em_torno_de=UUID(nota["id"]), p_limite=3)
    await chamar("api.conversa_compositor_obter", p_id=id_)
    proprias = await chamar("api.conversas_proprias_obter")
    assert proprias["rascunhos"] and proprias["mencoes"] == [{"conversaId": conversa, "quantas": 1}]
    await chamar("api.mencoes_ler", p_conversa_id=id_)
    await chamar("api.nota_remover", p_id=UUID(nota["id"]))
    await chamar("api.rascunho_remover", p_conversa_id=id_)
