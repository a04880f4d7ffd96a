"""What was not delivered: the dead queue, the doubtful, and the proof of a campaign."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from tests.arquitetura.cenario.gravador import Admin, Gravador
from tests.conftest import cru


async def percorrer(chamar: Gravador, admin: Admin, conexao: str, modelo: str, contatos: list[str]) -> None:
    campanha = await chamar(
        "api.campanha_criar", p_nome="Com falhas", p_conexao_id=UUID(conexao), p_modelo_id=UUID(modelo),
        p_variaveis=cru({"1": "tudo"}), p_contato_ids=[UUID(contatos[0]), UUID(contatos[2])],
    )  # fmt: skip
    id_ = campanha["id"]
    await chamar("api.campanha_iniciar", p_id=id_)
    mortas = [_desistir(admin, x["id"]) for x in _destinatarios(admin, id_)]
    grupos = await chamar("api.fila_morta_grupos_listar", p_limite=1)
    await chamar("api.fila_morta_contar")
    await chamar("api.fila_morta_listar", p_resolvida=False, p_conexao_id=UUID(conexao))
    await chamar("api.fila_morta_obter", p_id=mortas[0])
    await chamar("api.fila_morta_descartar", p_motivo="não se aplica", p_ids=[mortas[1]])
    await chamar(
        "api.fila_morta_reenfileirar", p_motivo="número corrigido", p_grupo=UUID(grupos["dados"][0]["id"]),
        p_conexao_id=UUID(conexao), p_chave_idempotencia="fila-1",
    )  # fmt: skip
    duvidas = [x["id"] for x in _destinatarios(admin, id_)]
    for incerto in duvidas:
        _duvidar(admin, incerto)
    prova = await chamar("api.campanha_prova", p_id=id_, p_limite=1, p_conferir=True)
    assert prova["resumo"]["confere"] and prova["destinatarios"][0]["tentativas"][0]["status"]
    await chamar("api.incertos_listar", p_campanha_id=UUID(id_), p_conexao_id=UUID(conexao))
    await chamar(
        "api.incerto_decidir",
        p_alvo_tipo="CAMPANHA",
        p_id=duvidas[0],
        p_decisao="CONFIRMADO",
        p_motivo="a pessoa respondeu",
    )
    await chamar("api.incertos_decidir", p_campanha_id=UUID(id_), p_decisao="DESISTIR", p_motivo="ninguém confirmou")


def _destinatarios(admin: Admin, campanha: str) -> list[dict[str, Any]]:
    return admin.execute("select id from campanhas_log where campanha_id = %s order by id", [campanha]).fetchall()


def _desistir(admin: Admin, destinatario: UUID) -> UUID:
    """What three refused attempts leave behind."""
    linha = admin.execute(
        "with f as (delete from fila where alvo_id = %(id)s returning *), l as ("
        "  update campanhas_log set status = 'FALHOU', motivo = 'TENTATIVAS_ESGOTADAS' where id = %(id)s)"
        " insert into fila_morta"
        " (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, classe, erro_codigo, erro_texto)"
        " select cliente_id, id, tipo, conexao_id, alvo_id, 3, 'RATE_PAIR', 131056, 'Muitas mensagens' from f"
        " returning id",
        {"id": destinatario},
    ).fetchone()
    assert linha
    return UUID(str(linha["id"]))


def _duvidar(admin: Admin, destinatario: UUID) -> None:
    """A lost answer of an hour ago, with a status that proves nothing of it."""
    linha = admin.execute(
        "insert into tentativas"
        " (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em, terminada_em, desfecho, detalhe)"
        " select l.cliente_id, l.id, k.conexao_id, 1, 'w1', now() - interval '1 hour', now() - interval '59 minutes',"
        " 'AMBIGUO', 'sem resposta em 10 s'"
        " from campanhas_log l join campanhas k on k.id = l.campanha_id where l.id = %s"
        " returning cliente_id, conexao_id, id",
        [destinatario],
    ).fetchone()
    assert linha
    admin.execute(
        "insert into status_recebidos (cliente_id, conexao_id, id_externo, status, tentativa_id, ocorrido_em)"
        " values (%s, %s, %s, 'sent', %s, now())",
        [linha["cliente_id"], linha["conexao_id"], secrets.token_hex(8), linha["id"]],
    )
    admin.execute("delete from fila where alvo_id = %s", [destinatario])
    # the steps that its state machine has, from wherever it is
    for status in ("PENDENTE", "RESERVADO", "ENVIANDO", "INCERTO"):
        admin.execute(
            "update campanhas_log set status = %(s)s, motivo = 'SEM_RESPOSTA', tentativa_id = %(t)s"
            " where id = %(id)s and status <> %(s)s",
            {"s": status, "t": linha["id"], "id": destinatario},
        )
