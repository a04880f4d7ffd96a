"""Passwords, sessions and the second factor: the last steps, for they end what the others use."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from tests.arquitetura.cenario.gravador import SENHA_NOVA_HASH, Admin, Gravador, novo_segredo
from tests.conftest import SENHA_HASH, abrir_sessao


def _reservas() -> list[bytes]:
    return [secrets.token_bytes(32) for _ in range(10)]


async def _ligar_fator(chamar: Gravador, senha: dict[str, object]) -> list[bytes]:
    id_, reservas = uuid4(), _reservas()
    await chamar("api.fator_iniciar", **senha, p_id=id_, p_segredo=secrets.token_bytes(64))
    preparado = await chamar("api.fator_preparar")
    await chamar("api.fator_ativar", p_id=id_, p_passo=preparado["passo"], p_reservas=reservas)
    return reservas


async def _segundo_fator(chamar: Gravador, admin: Admin, email: str) -> None:
    preparada = await chamar("api.senha_preparar")
    senha = {"p_confere": True, "p_senha_hash_conferida": preparada["senhaHash"]}
    velhas = await _ligar_fator(chamar, senha)
    await chamar("api.fator_obter")
    reservas = _reservas()
    await chamar("api.fator_prova_preparar")
    await chamar("api.fator_reservas_trocar", **senha, p_reservas=reservas, p_reserva_hash=velhas[0])
    origem: dict[str, object] = {"p_origem": "203.0.113.7"}
    pendente = {"p_cliente_id": chamar.sessao.cliente_id, "p_pendente_hash": novo_segredo()[1], **origem}
    # refused, and remembered: the answer is a refusal, which is no contract's
    await chamar.banco.chamar(
        "api.login_concluir",
        {
            **origem, **senha, "p_email": email, "p_acesso_hash": novo_segredo()[1],
            "p_renovacao_hash": novo_segredo()[1], "p_pendente_hash": pendente["p_pendente_hash"],
        },
    )  # fmt: skip
    await chamar("api.login_fator_preparar", sem_sessao=True, **pendente)
    await chamar(
        "api.login_fator_concluir", sem_sessao=True, **pendente, p_fator_id=None, p_passo=None,
        p_reserva_hash=reservas[0], p_acesso_hash=novo_segredo()[1], p_renovacao_hash=novo_segredo()[1],
    )  # fmt: skip
    await chamar("api.fator_remover", **senha, p_reserva_hash=reservas[1])
    perfis = await chamar("api.perfis_listar")
    pessoa = await chamar(
        "api.usuario_criar", p_nome="Eva", p_email=f"eva-{secrets.token_hex(4)}@exemplo.test", p_senha_hash=SENHA_HASH,
        p_perfil_id=UUID(next(p["id"] for p in perfis["dados"] if p["codigo"] == "ATENDENTE")),
    )  # fmt: skip
    dele = abrir_sessao(admin, chamar.sessao.cliente_id, pessoa["id"])
    outro = Gravador(chamar.banco, dele, chamar.chamadas, chamar.respostas)
    preparada = await outro("api.senha_preparar")
    await _ligar_fator(outro, {"p_confere": True, "p_senha_hash_conferida": preparada["senhaHash"]})
    await chamar("api.usuario_fator_remover", p_id=UUID(pessoa["id"]))


async def percorrer(chamar: Gravador, admin: Admin) -> None:
    cliente_id, email = chamar.sessao.cliente_id, chamar.sessao.email
    preparada = await chamar("api.senha_preparar")
    await chamar(
        "api.senha_trocar", p_confere=True, p_senha_hash_conferida=preparada["senhaHash"], p_senha_hash=SENHA_NOVA_HASH
    )
    preparado = await chamar("api.login_preparar", sem_sessao=True, p_email=email, p_origem="203.0.113.7")
    _, acesso = novo_segredo()
    _, renovacao = novo_segredo()
    await chamar(
        "api.login_concluir", sem_sessao=True, p_email=email, p_origem="203.0.113.7", p_confere=True,
        p_senha_hash_conferida=preparado["senhaHash"], p_acesso_hash=acesso, p_renovacao_hash=renovacao,
    )  # fmt: skip
    _, acesso2 = novo_segredo()
    _, renovacao2 = novo_segredo()
    await chamar(
        "api.sessao_renovar", sem_sessao=True, p_cliente_id=cliente_id, p_renovacao_hash=renovacao,
        p_novo_acesso_hash=acesso2, p_nova_renovacao_hash=renovacao2,
    )  # fmt: skip
    segredo, acesso3 = novo_segredo()
    preparado = await chamar("api.login_preparar", sem_sessao=True, p_email=email, p_origem="203.0.113.7")
    await chamar(
        "api.login_concluir", sem_sessao=True, p_email=email, p_origem="203.0.113.7", p_confere=True,
        p_senha_hash_conferida=preparado["senhaHash"], p_acesso_hash=acesso3, p_renovacao_hash=novo_segredo()[1],
        p_canal="NAVEGADOR",
    )  # fmt: skip
    await chamar("api.sessao_estender", sem_sessao=True, p_cliente_id=cliente_id, p_sessao=segredo)
    await _segundo_fator(chamar, admin, email)
    await chamar("api.saude_obter", sem_sessao=True)
    admin.execute(
        "insert into processos (nome, tipo, iniciado_em, visto_em) values ('w-contrato', 'WORKER', now(), now())"
        " on conflict (nome) do update set visto_em = now()"
    )
    await chamar("api.metricas_obter", sem_sessao=True)
    ultima = abrir_sessao(admin, cliente_id, chamar.sessao.usuario_id)
    despedida = Gravador(chamar.banco, ultima, chamar.chamadas, chamar.respostas)
    await despedida("api.sessao_encerrar")
