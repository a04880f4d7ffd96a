"""Files: sent, received, shown."""

from __future__ import annotations

import secrets
from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador


async def percorrer(chamar: Gravador, admin: Admin, conexao: str) -> None:
    await chamar("api.midia_preparar")
    midia = await chamar(
        "api.midia_criar", p_sha256=secrets.token_hex(32), p_tamanho=10, p_mime="image/png", p_nome="foto.png"
    )
    await chamar("api.midia_obter", p_id=midia["id"])
    permitida = await chamar("api.midia_url_autorizar", p_id=midia["id"])
    await chamar(
        "api.midia_conteudo_obter", sem_sessao=True, p_cliente_id=chamar.sessao.cliente_id,
        p_sessao_id=UUID(permitida["sessaoId"]), p_id=midia["id"],
    )  # fmt: skip
    linha = admin.execute(
        "insert into midias (cliente_id, origem, tipo, status, motivo, conexao_id, id_externo, expira_em)"
        " values (%s, 'RECEBIDA', 'AUDIO', 'FALHOU', 'CORROMPIDA', %s, %s, now() + interval '1 day') returning id",
        [chamar.sessao.cliente_id, conexao, secrets.token_hex(8)],
    ).fetchone()
    assert linha
    await chamar("api.midia_baixa_retomar", p_id=linha["id"])
