"""Numbers, their health and templates, and the devices at a UaiZap server."""

from __future__ import annotations

import secrets
from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, admin: Admin) -> tuple[str, str]:
    criadas = []
    for nome in ("Principal", "Passageira"):
        criadas.append(
            await chamar(
                "api.conexao_criar", p_id=UUID(bytes=secrets.token_bytes(16)), p_nome=nome, p_canal="WHATSAPP",
                p_provedor="META_API", p_numero_id_externo=str(10**14 + secrets.randbelow(10**13)),
                p_conta_id_externa="5551234", p_credenciais=secrets.token_bytes(64),
                p_verificacao_hash=secrets.token_bytes(32), p_segredo_impressao=secrets.token_bytes(32),
            )
        )  # fmt: skip
    id_ = criadas[0]["id"]
    await _instancias(chamar)
    await chamar("api.conexao_obter", p_id=id_)
    admin.execute(
        "insert into ocorrencias (cliente_id, escopo, alvo_id, conexao_id, motivo, texto)"
        " values (%s, 'CONEXAO', %s, %s, 'QUALIDADE_RED', 'a qualidade caiu')",
        [chamar.sessao.cliente_id, id_, id_],
    )
    await chamar("api.conexao_saude_obter", p_id=id_)
    await chamar("api.conexoes_saude_listar", p_id=UUID(id_))
    await chamar("api.ocorrencias_listar", p_conexao_id=id_, p_escopo="CONEXAO")
    await chamar("api.conexoes_listar")
    credencial = await chamar("api.conexao_credencial_obter", p_id=id_)
    await chamar("api.conexao_teste_concluir", p_id=id_, p_versao=credencial["versao"], p_aprovado=True)
    await chamar("api.conexao_atualizar", p_id=id_, p_nome="Recepção", p_teto_por_segundo=40)
    await chamar("api.conexao_desativar", p_id=id_)
    await chamar("api.conexao_ativar", p_id=id_)
    await chamar("api.conexao_remover", p_id=criadas[1]["id"])
    await chamar("api.modelos_credencial_obter", p_conexao_id=id_)
    await chamar(
        "api.modelos_sincronizar",
        p_conexao_id=id_,
        p_modelos=cru(
            [
                {
                    "id": "1", "name": "promo", "language": "pt_BR", "category": "MARKETING", "status": "APPROVED",
                    "components": [{"type": "BODY", "text": "Olá {{1}}"}],
                }
            ]
        ),
    )  # fmt: skip
    modelos = await chamar("api.modelos_listar", p_conexao_id=id_)
    modelo = modelos["dados"][0]["id"]
    await chamar("api.modelo_obter", p_id=modelo)
    return id_, modelo


async def _instancias(chamar: Gravador) -> None:
    """A device at a UaiZap server, from creation to the number that it turns out to have."""
    await chamar("api.instancia_preparar")
    segredo = secrets.token_bytes(32)
    criada = await chamar(
        "api.instancia_criar", p_id=UUID(bytes=secrets.token_bytes(16)), p_nome="Aparelho", p_canal="WHATSAPP",
        p_url_base="https://free.uazapi.com", p_instancia="balcao", p_administrada=False,
        p_credenciais=secrets.token_bytes(64), p_segredo_hash=segredo,
    )  # fmt: skip
    id_ = criada["id"]
    await chamar("api.instancia_webhook_concluir", p_id=id_, p_segredo_hash=segredo)
    await chamar("api.instancia_segredo_trocar", p_id=id_, p_segredo_hash=secrets.token_bytes(32))
    await chamar("api.instancia_atualizar", p_id=id_, p_nome="Aparelho da recepção", p_instancia="outra")
    numero = f"55119{secrets.randbelow(10**8):08d}"
    await chamar(
        "api.instancia_teste_concluir",
        p_id=id_,
        p_status="CONECTADA",
        p_numero=numero,
        p_jid=f"{numero}:1@s.whatsapp.net",
    )
    await chamar("api.instancia_teste_concluir", p_id=id_, p_status="DESCONECTADA", p_motivo="401: logged out")
