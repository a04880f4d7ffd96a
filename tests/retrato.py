"""What intake left in the tables of one tenant, without ids and without the times of our own clock."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import psycopg

Admin = psycopg.Connection[dict[str, Any]]
_CONTATO = "(select coalesce(c.telefone, c.telefone_informado, c.nome) from contatos c where c.id = {})"
_CONEXAO = "(select coalesce(x.conta_id_externa, x.provedor) from conexoes x where x.id = t.conexao_id)"
_DE = _CONTATO.format("(select v.contato_id from conversas v where v.id = t.conversa_id)")
TABELAS = {
    "mensagens": f"{_DE} as de, {_CONEXAO} as por, direcao, origem, tipo, corpo, conteudo - 'midiaId' as conteudo,"
    " status, id_externo, ocorrido_em, enviado_em, contexto_id_externo, reacoes, corpo_original, editado_em,"
    " apagado_em,"
    " (select a.id_externo from mensagens a where a.id = t.contexto_id) as contexto,"
    " (select a.id_externo from midias a where a.id = t.midia_id) as midia",
    "conversas": f"{_CONTATO.format('t.contato_id')} as de, {_CONEXAO} as por, status, controle, nao_lidas,"
    " janela_expira_em, espera_desde, respondida_ate, ultima_entrada_em,"
    " (select a.id_externo from mensagens a where a.id = t.ultima_mensagem_id) as ultima",
    "contatos": "nome, telefone, telefone_informado, marketing, origem, bloqueado, removido_em is null as vivo",
    "contatos_identidades": f"{_CONTATO.format('t.contato_id')} as de, tipo, valor",
    "status_recebidos": f"{_CONEXAO} as por, id_externo, status, ocorrido_em, erro_codigo, erro_texto, tentativa_id",
    "consentimentos": f"{_CONTATO.format('t.contato_id')} as de, finalidade, acao, origem, ocorrido_em",
    "supressoes": "1 as uma",
    "midias": "id_externo, tipo, mime, nome, status, motivo",
    "modelos": "id_externo, nome, status, categoria",
    "ocorrencias": "escopo, motivo, erro_codigo, texto",
    "portfolios": "conta_id_externa, restricao, restricao_ate",
    "webhooks_recebidos": "md5(corpo) as corpo, status, motivo, campos",
}


def retratar(admin: Admin, cliente_id: UUID) -> dict[str, list[str]]:
    """Every row of the inbox as text, in an order of its own."""
    return {
        tabela: sorted(
            str(linha)
            for linha in admin.execute(
                f"select {colunas} from {tabela} t where cliente_id = %s", [cliente_id]
            ).fetchall()
        )
        for tabela, colunas in TABELAS.items()
    }


def diferencas(um: dict[str, list[str]], outro: dict[str, list[str]]) -> dict[str, list[str]]:
    """What one has and the other has not; empty when they are the same, repetitions included."""
    return {
        t: [
            str(x) for x in ((Counter(um[t]) - Counter(outro[t])) + (Counter(outro[t]) - Counter(um[t]))).most_common(6)
        ]
        for t in um
        if um[t] != outro[t]
    }
