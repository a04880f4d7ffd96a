"""Hours, holidays, availability, the waiting queue and what it offers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, admin: Admin, conexao: str, contatos: list[str]) -> None:
    faixas = [{"dia": 1, "inicio": "08:00", "fim": "12:00"}, {"dia": 1, "inicio": "13:00", "fim": "24:00"}]
    calendario = await chamar(
        "api.calendario_criar", p_nome="Loja", p_faixas=cru(faixas), p_chave_idempotencia="calendario-1"
    )
    id_ = UUID(calendario["id"])
    await chamar("api.calendario_atualizar", p_id=id_, p_nome="Loja do centro", p_versao=calendario["versao"])
    await chamar("api.calendario_obter", p_id=id_)
    await chamar("api.calendarios_listar")
    await chamar("api.feriados_nacionais_obter", p_ano=2027)
    await chamar("api.feriados_importar", p_calendario_id=id_, p_ano=2027)
    feriado = await chamar(
        "api.feriado_criar", p_calendario_id=id_, p_data=date(2027, 7, 9), p_nome="Revolução",
        p_faixas=cru([{"inicio": "08:00", "fim": "12:00"}]),
    )  # fmt: skip
    await chamar("api.feriado_atualizar", p_id=UUID(feriado["id"]), p_nome="9 de Julho")
    await chamar("api.feriado_obter", p_id=UUID(feriado["id"]))
    await chamar("api.feriados_listar", p_calendario_id=id_, p_ano=2027)
    outra = await chamar("api.feriado_criar", p_calendario_id=id_, p_data=date(2028, 1, 1), p_nome="Ano novo")
    await chamar("api.feriado_remover", p_id=UUID(outra["id"]))
    passageiro = await chamar("api.calendario_criar", p_nome="Passageiro")
    await chamar("api.calendario_remover", p_id=UUID(passageiro["id"]))
    equipe = await chamar("api.equipe_criar", p_nome="Plantonistas", p_membros=[chamar.sessao.usuario_id])
    await chamar(
        "api.equipe_atendimento_atualizar", p_id=UUID(equipe["id"]), p_calendario_id=id_, p_distribuicao="MANUAL"
    )
    await chamar("api.usuario_atendimento_atualizar", p_id=chamar.sessao.usuario_id, p_capacidade=8)
    await chamar(
        "api.conexao_atendimento_atualizar", p_id=UUID(conexao), p_equipe_id=UUID(equipe["id"]), p_dono_minutos=15
    )
    await chamar("api.disponibilidade_atualizar", p_disponibilidade="PAUSA", p_motivo="Almoço")
    await chamar("api.disponibilidade_atualizar", p_disponibilidade="DISPONIVEL")
    admin.execute(
        "insert into conversas (cliente_id, conexao_id, contato_id, equipe_id, ultima_entrada_em, espera_desde)"
        " values (%s, %s, %s, %s, now(), now())",
        [chamar.sessao.cliente_id, conexao, contatos[2], equipe["id"]],
    )
    await chamar("api.filas_listar")
    await chamar("api.atendentes_listar")
    dada = await chamar("api.atendimento_proximo", p_equipe_id=UUID(equipe["id"]))
    assert dada["conversa"]["usuarioId"] == str(chamar.sessao.usuario_id)
    await chamar("api.atendimento_obter")
    await _ofertas(chamar, admin, dada["conversa"]["id"], equipe["id"])


async def _ofertas(chamar: Gravador, admin: Admin, conversa: str, equipe: str) -> None:
    await chamar(
        "api.equipe_atendimento_atualizar", p_id=UUID(equipe), p_calendario_id=None, p_distribuicao="AUTOMATICA",
        p_oferta_segundos=20,
    )  # fmt: skip
    for responder in ("api.oferta_recusar", "api.oferta_aceitar"):
        await chamar("api.conversa_liberar", p_id=UUID(conversa))
        admin.execute(
            "insert into ofertas (cliente_id, conversa_id, usuario_id, expira_em)"
            " values (%s, %s, %s, now() + interval '1 minute')",
            [chamar.sessao.cliente_id, conversa, chamar.sessao.usuario_id],
        )
        atual = await chamar("api.oferta_obter")
        assert atual["oferta"]["conversaId"] == conversa
        await chamar(responder, p_id=UUID(atual["oferta"]["id"]))
        if responder == "api.oferta_recusar":
            await chamar("api.conversa_assumir", p_id=UUID(conversa))
    await chamar("api.oferta_obter")
