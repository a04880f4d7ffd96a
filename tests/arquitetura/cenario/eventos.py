"""What happened and was told: the stream, push, presence, and the bodies that came from providers."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from tests.arquitetura.cenario.gravador import Admin, Gravador


async def webhooks(chamar: Gravador, admin: Admin, conexao: str) -> None:
    linha = admin.execute(
        "insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status, motivo, campos)"
        " values (%s, %s, '{\"entry\": []}', 'IGNORADO', 'SEM_CONTEUDO', '{messages}') returning id",
        [chamar.sessao.cliente_id, conexao],
    ).fetchone()
    assert linha
    await chamar("api.webhooks_listar", p_status="IGNORADO", p_conexao_id=UUID(conexao), p_campo="messages")
    await chamar("api.webhook_obter", p_id=linha["id"])
    await chamar("api.webhooks_horas_obter", p_conexao_id=UUID(conexao))
    await chamar("api.evento_reprocessar", p_status="IGNORADO", p_conexao_id=UUID(conexao))


async def percorrer(chamar: Gravador, admin: Admin) -> None:
    admin.execute("select worker.eventos_publicar(%s)", [chamar.sessao.cliente_id])
    vistos = await chamar("api.eventos_desde", p_desde=0)
    assert vistos["eventos"]
    await chamar("api.eventos_sessao_obter")
    conversa = next(e["conversaId"] for e in vistos["eventos"] if e["conversaId"])
    await chamar("api.avisos_obter", p_conversas=[UUID(conversa)])
    await chamar(
        "api.inscricao_criar", p_id=uuid4(), p_endereco_hash=secrets.token_bytes(32),
        p_credenciais=secrets.token_bytes(200),
    )  # fmt: skip
    await chamar("api.inscricao_remover")
    await chamar("api.conversa_presenca_obter", p_id=UUID(conversa))
    await chamar("api.conversa_digitacao_obter", p_id=UUID(conversa))
