"""People, profiles, teams, invitations, and the company they work for."""

from __future__ import annotations

import secrets
from uuid import UUID

from tests.arquitetura.cenario.gravador import SENHA_NOVA_HASH, Admin, Gravador, novo_segredo
from tests.conftest import SENHA_HASH, abrir_sessao, cru


async def percorrer(chamar: Gravador, admin: Admin) -> None:
    eu = await chamar("api.eu_obter")
    await chamar("api.permissao_conferir", p_permissao="contatos:gerir")
    await chamar("api.preferencias_obter")
    await chamar(
        "api.preferencias_atualizar",
        p_atalhos=cru({"resolver": "Shift+E"}),
        p_enviar_com="CTRL_ENTER",
        p_silencio_de="22:00",
        p_silencio_ate="06:30",
        p_tela=cru({"painelDireito": True}),
        p_versao=0,
    )
    await chamar("api.sessao_obter")
    await chamar("api.permissoes_listar")
    perfis = await chamar("api.perfis_listar", p_limite=2)
    await chamar("api.perfis_listar", p_limite=2, p_cursor=perfis["meta"]["proximoCursor"])
    perfil = await chamar(
        "api.perfil_criar", p_nome="Plantão", p_visibilidade="EQUIPE", p_permissoes=["contatos:ler"],
        p_chave_idempotencia="perfil-1",
    )  # fmt: skip
    await chamar("api.perfil_obter", p_id=perfil["id"])
    await chamar("api.perfil_atualizar", p_id=perfil["id"], p_nome="Plantão da noite", p_versao=perfil["versao"])
    usuario = await chamar(
        "api.usuario_criar", p_nome="Carla", p_email=f"carla-{secrets.token_hex(4)}@exemplo.test",
        p_senha_hash=SENHA_HASH, p_perfil_id=perfil["id"],
    )  # fmt: skip
    await chamar("api.usuario_atualizar", p_id=usuario["id"], p_nome="Carla Dias")
    await chamar("api.usuario_conversas_contar", p_id=usuario["id"])
    await chamar("api.usuario_desativar", p_id=usuario["id"], p_para_id=UUID(eu["id"]))
    await chamar("api.usuario_ativar", p_id=usuario["id"])
    equipe = await chamar("api.equipe_criar", p_nome="Recepção", p_membros=[UUID(usuario["id"]), UUID(eu["id"])])
    await chamar("api.usuario_obter", p_id=usuario["id"])
    await chamar("api.usuarios_listar", p_ativo=True)
    await chamar("api.equipe_obter", p_id=equipe["id"])
    await chamar("api.equipe_atualizar", p_id=equipe["id"], p_nome="Balcão")
    await chamar("api.equipes_listar")
    outra = await chamar("api.equipe_criar", p_nome="Passageira")
    await chamar("api.equipe_remover", p_id=outra["id"])
    await _convites(chamar, perfil["id"], equipe["id"])
    await chamar("api.usuarios_buscar", p_busca="carla", p_perfil_id=UUID(perfil["id"]), p_equipe_id=UUID(equipe["id"]))
    await chamar("api.eu_atualizar", p_nome=eu["nome"])
    empresa = await chamar("api.empresa_obter")
    await chamar(
        "api.empresa_atualizar",
        p_nome=empresa["nome"],
        p_fuso=empresa["fuso"],
        p_versao=empresa["versao"],
        p_sla_minutos=45,
    )
    vago = await chamar("api.perfil_criar", p_nome="Vago", p_visibilidade="PROPRIA", p_permissoes=[])
    await chamar("api.perfil_remover", p_id=vago["id"])
    alheia = abrir_sessao(admin, chamar.sessao.cliente_id, usuario["id"])
    linha = admin.execute(
        "select id from sessoes where cliente_id = %s and usuario_id = %s", [alheia.cliente_id, alheia.usuario_id]
    ).fetchone()
    assert linha
    await chamar("api.sessoes_listar")
    await Gravador(chamar.banco, alheia, chamar.chamadas, chamar.respostas)("api.sessoes_revogar")
    propria = abrir_sessao(admin, chamar.sessao.cliente_id, chamar.sessao.usuario_id)
    linha = admin.execute(
        "select id from sessoes where cliente_id = %s and acesso_hash = sha256(convert_to(%s, 'UTF8'))",
        [propria.cliente_id, propria.segredo],
    ).fetchone()
    assert linha
    await chamar("api.sessao_revogar", p_id=linha["id"])


async def _convites(chamar: Gravador, perfil: str, equipe: str) -> None:
    _, primeiro = novo_segredo()
    convite = await chamar(
        "api.usuario_convidar", p_nome="Davi", p_email=f"davi-{secrets.token_hex(4)}@exemplo.test", p_perfil_id=perfil,
        p_senha_hash=SENHA_HASH, p_segredo_hash=primeiro, p_equipe_ids=[UUID(equipe)],
    )  # fmt: skip
    _, segundo = novo_segredo()
    await chamar("api.convite_criar", p_usuario_id=UUID(convite["usuarioId"]), p_segredo_hash=segundo)
    dele = {"p_cliente_id": chamar.sessao.cliente_id, "p_segredo_hash": segundo}
    await chamar("api.convite_obter", sem_sessao=True, **dele)
    await chamar("api.convite_aceitar", sem_sessao=True, **dele, p_senha_hash=SENHA_NOVA_HASH)
