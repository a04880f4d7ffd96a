"""The lists of the inbox: filters, counts, search, views, the dashboard."""

from __future__ import annotations

from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, admin: Admin, conversa: str, conexao: str, contato: str) -> None:
    etiqueta = await chamar("api.etiqueta_criar", p_nome="Urgente hoje")
    for tabela, colunas, valores in (
        ("conversas_etiquetas", "conversa_id, etiqueta_id", [conversa, etiqueta["id"]]),
        ("rascunhos", "usuario_id, conversa_id, texto", [chamar.sessao.usuario_id, conversa, "Bom dia"]),
    ):
        marcas = ", ".join(["%s"] * len(valores))
        admin.execute(
            f"insert into {tabela} (cliente_id, {colunas}) values (%s, {marcas})", [chamar.sessao.cliente_id, *valores]
        )
    filtros = {"conexaoId": conexao, "contatoId": contato, "etiquetaId": etiqueta["id"]}
    await chamar("api.conversas_listar", p_filtros=cru(filtros), p_ordem="ESPERA")
    atuais = await chamar("api.conversas_obter", p_ids=[UUID(conversa)], p_filtros=cru(filtros))
    assert [c["id"] for c in atuais["dados"]] == [conversa]
    opcoes = await chamar("api.conversas_opcoes_obter")
    assert all(opcoes.values())
    await chamar("api.conversas_contar", p_filtros=cru({"texto": "pessoa"}))
    await chamar("api.mensagens_buscar", p_busca="oi", p_conversa_id=UUID(conversa))
    achados = await chamar("api.busca_obter", p_busca="pessoa")
    assert achados["contatos"] and achados["conversas"]
    equipe = await chamar("api.equipe_criar", p_nome="Equipe da visão", p_membros=[chamar.sessao.usuario_id])
    visao = await chamar(
        "api.visao_criar", p_nome="Minha fila", p_filtros=cru({"aba": "FILA", "status": ["ABERTA"]}),
        p_equipe_id=UUID(equipe["id"]), p_chave_idempotencia="visao-1",
    )  # fmt: skip
    await chamar("api.visao_atualizar", p_id=visao["id"], p_fixada=True, p_limpar=["equipeId"], p_versao=1)
    await chamar("api.visao_obter", p_id=visao["id"])
    await chamar("api.visoes_listar")
    await chamar("api.painel_obter", p_dias=30)
    await chamar("api.visao_remover", p_id=visao["id"])
    admin.execute("delete from rascunhos where cliente_id = %s", [chamar.sessao.cliente_id])
