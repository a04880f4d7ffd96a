"""Conversations and their messages, scheduled ones too, and everything that may be done with one."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.arquitetura.cenario import listas, notas, respostas
from tests.arquitetura.cenario.gravador import AMANHA, Admin, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, admin: Admin, conexao: str, modelo: str, contatos: list[str]) -> None:
    usado: dict[str, object] = {"modeloId": modelo, "parametros": {"1": "Ana"}}
    iniciada = await chamar(
        "api.conversa_iniciar", p_contato_id=UUID(contatos[0]), p_conexao_id=UUID(conexao), p_tipo="MODELO",
        p_conteudo=cru(usado), p_chave_idempotencia="conversa-1",
    )  # fmt: skip
    await chamar(
        "api.conexao_mensagem_testar", p_id=UUID(conexao), p_telefone=f"+551196{10**6 + secrets.randbelow(10**6):07d}",
        p_tipo="MODELO", p_conteudo=cru(usado),
    )  # fmt: skip
    id_, primeira = iniciada["conversa"]["id"], iniciada["mensagem"]["id"]
    linha = admin.execute(
        "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, corpo, status, id_externo, origem,"
        " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'oi', 'RECEBIDA', 'wamid.oi', 'CONTATO', now())"
        " returning id",
        [chamar.sessao.cliente_id, id_, conexao],
    ).fetchone()
    assert linha
    admin.execute(
        "update conversas set janela_expira_em = now() + interval '1 day', nao_lidas = 1"
        " where cliente_id = %s and id = %s",
        [chamar.sessao.cliente_id, id_],
    )
    resposta = await chamar(
        "api.mensagem_enviar", p_conversa_id=UUID(id_), p_tipo="TEXTO", p_conteudo=cru({"texto": "Olá"}),
        p_contexto_id=linha["id"],
    )  # fmt: skip
    await listas.percorrer(chamar, admin, id_, conexao, contatos[0])
    await chamar("api.conversa_obter", p_id=UUID(id_))
    await chamar("api.conversa_ler", p_id=UUID(id_))
    await chamar("api.conversa_digitar", p_id=UUID(id_))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_), p_apos=UUID(primeira))
    await chamar("api.mensagens_listar", p_conversa_id=UUID(id_), p_em_torno_de=linha["id"])
    await notas.percorrer(chamar, admin, id_, resposta["id"])
    await respostas.percorrer(chamar, id_)
    await chamar("api.mensagem_obter", p_id=UUID(primeira))
    await chamar("api.mensagem_cancelar", p_id=UUID(resposta["id"]))
    outra = await chamar(
        "api.mensagem_enviar", p_conversa_id=UUID(id_), p_tipo="TEXTO", p_conteudo=cru({"texto": "Olá de novo"})
    )
    await chamar("api.mensagem_desfazer", p_id=UUID(outra["id"]))
    await chamar("api.rascunho_remover", p_conversa_id=UUID(id_))
    admin.execute("delete from fila where cliente_id = %s and alvo_id = %s", [chamar.sessao.cliente_id, primeira])
    admin.execute(
        "update mensagens set status = 'FALHOU', motivo = 'PLATFORM' where cliente_id = %s and id = %s",
        [chamar.sessao.cliente_id, primeira],
    )
    await chamar("api.mensagem_reenviar", p_id=UUID(primeira))
    hora: dict[str, object] = {"p_enviar_em": AMANHA, "p_fuso": "America/Sao_Paulo"}
    agendada = await chamar(
        "api.agendada_criar", p_tipo="TEXTO", p_conteudo=cru({"texto": "Até logo"}), p_conversa_id=UUID(id_), **hora
    )
    await chamar("api.agendada_obter", p_id=UUID(agendada["id"]))
    await chamar(
        "api.agendada_atualizar", p_id=UUID(agendada["id"]), p_recorrencia="SEMANAL", p_versao=agendada["versao"]
    )
    await chamar(
        "api.agendada_criar", p_tipo="MODELO", p_conteudo=cru(usado), p_contato_id=UUID(contatos[2]),
        p_conexao_id=UUID(conexao), p_cancelar_se_responder=True, **hora,
    )  # fmt: skip
    await chamar("api.agendadas_listar", p_contato_id=UUID(contatos[2]))
    await chamar("api.agendada_cancelar", p_id=UUID(agendada["id"]))


async def atos(chamar: Gravador, admin: Admin) -> None:
    """Everything that may be done with a conversation, by who began it."""
    linha = admin.execute(
        "select v.id, (select e.id from equipes e where e.cliente_id = v.cliente_id limit 1) as equipe"
        " from conversas v where v.cliente_id = %s and v.usuario_id = %s limit 1",
        [chamar.sessao.cliente_id, chamar.sessao.usuario_id],
    ).fetchone()
    assert linha
    id_, equipe, eu = linha["id"], linha["equipe"], chamar.sessao.usuario_id
    motivo = await chamar("api.motivo_criar", p_nome="Venda feita", p_chave_idempotencia="motivo-1")
    await chamar("api.motivo_atualizar", p_id=UUID(motivo["id"]), p_nome="Vendeu", p_versao=motivo["versao"])
    passageiro = await chamar("api.motivo_criar", p_nome="Passageiro")
    await chamar("api.motivo_remover", p_id=UUID(passageiro["id"]))
    await chamar("api.motivos_listar", p_ativo=True)
    await chamar("api.conversa_aguardar", p_id=id_)
    await chamar("api.conversa_desfazer", p_id=id_)
    await chamar("api.conversa_adiar", p_id=id_, p_ate=datetime.now(UTC) + timedelta(hours=1))
    await chamar("api.conversa_transferir", p_id=id_, p_equipe_id=equipe, p_motivo="é com vocês")
    await chamar("api.conversa_assumir", p_id=id_)
    await chamar("api.conversa_liberar", p_id=id_, p_motivo="almoço")
    await chamar("api.conversa_atribuir", p_id=id_, p_usuario_id=eu)
    await chamar("api.conversa_priorizar", p_id=id_, p_prioridade="ALTA")
    await chamar("api.conversa_leitura_desfazer", p_id=id_)
    await chamar("api.conversa_silenciar", p_id=id_)
    await chamar("api.conversa_silencio_desfazer", p_id=id_)
    etiqueta = await chamar("api.etiqueta_criar", p_nome="Urgente mesmo")
    await chamar("api.conversa_etiquetar", p_id=id_, p_adicionar=[UUID(etiqueta["id"])])
    await chamar("api.conversa_resolver", p_id=id_, p_motivo_id=UUID(motivo["id"]), p_observacao="comprou")
    await chamar("api.conversa_reabrir", p_id=id_, p_assumir=True)
    await chamar(
        "api.conversas_atualizar", p_ids=[id_], p_acao="ETIQUETAR", p_remover=[UUID(etiqueta["id"])],
        p_chave_idempotencia="massa-1",
    )  # fmt: skip
    await chamar("api.conversas_atualizar", p_ids=[id_], p_acao="RESOLVER", p_motivo_id=UUID(motivo["id"]))
    await chamar("api.conversa_desfazer", p_id=id_)
    await chamar("api.conversa_historico_listar", p_conversa_id=id_)
