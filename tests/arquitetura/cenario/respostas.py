"""Quick replies."""

from __future__ import annotations

import secrets
from uuid import UUID

from tests.arquitetura.cenario.gravador import Gravador


async def percorrer(chamar: Gravador, conversa: str) -> None:
    midia = await chamar(
        "api.midia_criar", p_sha256=secrets.token_hex(32), p_tamanho=10, p_mime="image/png", p_nome="mapa.png"
    )
    await chamar(
        "api.midia_enviar", p_conversa_id=UUID(conversa), p_midia_id=UUID(midia["id"]), p_legenda="O mapa",
        p_chave_idempotencia="midia-1",
    )  # fmt: skip
    resposta = await chamar(
        "api.resposta_rapida_criar", p_escopo="TODOS", p_atalho="/Olá", p_titulo="Saudação",
        p_texto="Olá {{contato.primeiroNome}}, {{contato.campos.plano}}", p_midia_ids=[UUID(midia["id"])],
    )  # fmt: skip
    id_ = UUID(resposta["id"])
    await chamar("api.resposta_rapida_obter", p_id=id_)
    await chamar("api.resposta_rapida_atualizar", p_id=id_, p_titulo="Saudação", p_versao=resposta["versao"])
    await chamar("api.respostas_rapidas_listar", p_busca="saudacao", p_escopo="TODOS")
    await chamar("api.resposta_rapida_testar", p_texto="Olá, {{contato.primeiroNome}} {{nada}}")
    pronta = await chamar("api.resposta_rapida_renderizar", p_id=id_, p_conversa_id=UUID(conversa))
    assert pronta["faltam"] and pronta["midias"]
    await chamar("api.conversa_variaveis_obter", p_conversa_id=UUID(conversa), p_busca="contato")
    await chamar("api.resposta_rapida_remover", p_id=id_)
