"""A row for any tenant table, made from the catalogue: required columns by type, parents by foreign key.

What a CHECK demands of a column is written down once in VALORES; everything else is generic, so a new table needs at
most one line here, and a table that cannot be filled fails the matrix instead of being left out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from tests.conftest import SENHA_HASH

Admin = psycopg.Connection[dict[str, Any]]
# (table, column) or column → value; a callable is asked for a fresh one each time
VALORES: dict[tuple[str, str] | str, Any] = {
    "nome": lambda: f"nome_{secrets.token_hex(4)}",
    "email": lambda: f"x-{secrets.token_hex(6)}@exemplo.test",
    "senha_hash": SENHA_HASH,
    "acao": "mudou",
    "alvo_tipo": "contatos",
    "canal": "WHATSAPP",
    "provedor": "META_API",
    "credenciais": lambda: secrets.token_bytes(64),
    "id_externo": lambda: secrets.token_hex(8),
    "idioma": "pt_BR",
    "categoria": "UTILITY",
    "componentes": "[]",
    "publico_tipo": "FILTRO",
    "permissao": "fila:ler",
    "prova": "formulário",
    "finalidade": "MARKETING",
    "origem": "ATENDENTE",
    ("fila", "prioridade"): 7,
    ("conversas", "prioridade"): "NORMAL",
    ("conversas", "dono_ate"): datetime.now(UTC),
    ("ofertas", "expira_em"): datetime.now(UTC),
    "direcao": "ENTRADA",
    "processo": "w1",
    "erro_texto": "desistiu",
    ("consentimentos", "acao"): "CONCEDIDO",
    ("mensagens_agendadas", "tipo"): "TEXTO",
    ("mensagens_agendadas", "local_em"): "2030-01-01T09:00:00",
    ("mensagens_agendadas", "fuso"): "America/Sao_Paulo",
    ("contatos_identidades", "tipo"): "E164",
    ("fila", "tipo"): "webhook_processar",
    ("fila", "ordem"): 1,
    ("mensagens", "origem"): "HUMANO",
    ("tentativas", "alvo_tipo"): "CAMPANHA",
    ("ocorrencias", "escopo"): "CONEXAO",
    ("ocorrencias", "motivo"): "AUTH",
    ("ocorrencias", "texto"): "a credencial expirou",
    ("contatos_fusoes", "motivo"): "PESSOA",
    ("convites", "segredo_hash"): lambda: secrets.token_bytes(32),
    ("fatores", "segredo"): lambda: secrets.token_bytes(64),
    ("fatores_reservas", "codigo_hash"): lambda: secrets.token_bytes(32),
    ("logins_pendentes", "segredo_hash"): lambda: secrets.token_bytes(32),
    ("logins_pendentes", "senha_prova"): lambda: secrets.token_bytes(32),
    ("logins_pendentes", "expira_em"): datetime.now(UTC),
    ("inscricoes", "endereco_hash"): lambda: secrets.token_bytes(32),
    ("importacoes", "codificacao"): "utf-8",
    ("importacoes", "delimitador"): ";",
    ("importacoes", "colunas"): ["Nome"],
    ("importacoes_lotes", "ordem"): lambda: 1 + secrets.randbelow(1000),
    ("campanhas_motivos", "motivo"): "WINDOW",
    ("campanhas_motivos", "status"): "FALHOU",
    ("campanhas_retornos", "tipo"): "RESPONDEU",
    ("contatos_fusoes_itens", "tabela"): "mensagens",
    ("contatos_sugestoes", "motivo"): "MESMO_EMAIL",
    ("contatos_sugestoes", "pontos"): 50,
    ("contatos_falhas", "forma"): lambda: f"55119{secrets.randbelow(10**8):08d}",
    ("midias", "origem"): "ENVIADA",
    ("midias", "tipo"): "IMAGEM",
    ("midias", "status"): "DISPONIVEL",
    ("midias", "sha256"): lambda: secrets.token_hex(32),
    ("midias", "tamanho"): 10,
    ("midias", "mime"): "image/png",
    ("midias_provedor", "status"): "DISPONIVEL",
    ("midias_provedor", "id_externo"): lambda: secrets.token_hex(8),
    ("midias_provedor", "expira_em"): datetime.now(UTC),
    ("portfolios", "conta_id_externa"): lambda: str(10**14 + secrets.randbelow(10**13)),
    ("portfolios", "origem"): "AVISO",
    ("fila_morta", "tipo"): "campanha_enviar",
    ("entregas_decisoes", "alvo_tipo"): "CAMPANHA",
    ("entregas_decisoes", "decisao"): "DESISTIR",
    ("entregas_decisoes", "motivo"): "a pessoa confirmou que não recebeu",
    ("conversas_historico", "tipo"): "RESOLVIDA",
    ("notas", "texto"): "ligar amanhã",
    ("rascunhos", "texto"): "Bom dia",
    ("calendarios", "fuso"): "America/Sao_Paulo",
    ("calendarios_faixas", "fim"): 2,
    ("feriados_faixas", "fim"): 2,
    ("mensagens", "tipo"): "TEXTO",
    ("mensagens", "status"): "RECEBIDA",
    ("modelos", "status"): "APPROVED",
    ("status_recebidos", "status"): "sent",
    ("eventos", "tipo"): "contato_mudou",
    ("campanhas_totais", "chave"): "LIDO",
    ("conexoes_instancias", "url_base"): "https://free.uazapi.com",
    ("conexoes_instancias", "segredo_hash"): lambda: secrets.token_bytes(32),
    ("respostas_rapidas", "escopo"): "TODOS",
    ("respostas_rapidas_midias", "ordem"): 1,
    ("contatos", "telefone"): lambda: f"+55119{secrets.randbelow(10**8):08d}",
    ("conexoes", "numero_id_externo"): lambda: str(10**14 + secrets.randbelow(10**13)),
}

# (table, generated column that carries a foreign key) → the column it is made of, None when another one of its table is
ORIGENS: dict[tuple[str, str], str | None] = {
    ("tentativas", "campanha_log_id"): "alvo_id",
    ("tentativas", "mensagem_id"): None,
    ("mensagens", "midia_id"): None,
}

# (table, column) → what else a row that has it must say
COMPANHIAS: dict[tuple[str, str], dict[str, Any]] = {
    ("conversas", "motivo_id"): {"status": "RESOLVIDA"},
    ("respostas_rapidas", "usuario_id"): {"escopo": "PESSOAL"},
    ("respostas_rapidas", "equipe_id"): {"escopo": "EQUIPE"},
}


@dataclass(frozen=True)
class Fk:
    nome: str
    tabela: str
    pai: str
    colunas: dict[str, str]


@dataclass(frozen=True)
class Tabela:
    nome: str
    pk: tuple[str, ...]
    obrigatorias: dict[str, str]
    tipos: dict[str, str]
    fks: tuple[Fk, ...]


def ler_catalogo(admin: Admin) -> dict[str, Tabela]:
    """Every table of public that carries cliente_id."""
    tabelas = [
        linha["t"]
        for linha in admin.execute(
            "select c.relname::text as t from pg_class c"
            " join pg_attribute a on a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped"
            " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1"
        ).fetchall()
    ]
    return {t: _tabela(admin, t, set(tabelas)) for t in tabelas}


def _tabela(admin: Admin, nome: str, de_cliente: set[str]) -> Tabela:
    colunas = admin.execute(
        "select a.attname::text as c, format_type(a.atttypid, null) as tipo, a.attnotnull and not a.atthasdef as obriga"
        " from pg_attribute a where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped"
        " order by a.attnum",
        [f"public.{nome}"],
    ).fetchall()
    pk = admin.execute(
        "select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) as pk from pg_index i"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey::int2[])"
        " where i.indrelid = %s::regclass and i.indisprimary",
        [f"public.{nome}"],
    ).fetchone()
    fks = admin.execute(
        "select k.conname::text as nome, p.relname::text as pai,"
        " (select array_agg(a.attname::text order by o) from unnest(k.conkey) with ordinality as x (n, o)"
        "  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.n) as de,"
        " (select array_agg(a.attname::text order by o) from unnest(k.confkey) with ordinality as x (n, o)"
        "  join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.n) as para"
        " from pg_constraint k join pg_class p on p.oid = k.confrelid"
        " where k.contype = 'f' and k.conrelid = %s::regclass",
        [f"public.{nome}"],
    ).fetchall()
    assert pk
    for f in fks:
        f["de"] = [ORIGENS.get((nome, c), c) for c in f["de"]]
    return Tabela(
        nome,
        tuple(pk["pk"]),
        {c["c"]: c["tipo"] for c in colunas if c["obriga"]},
        {c["c"]: c["tipo"] for c in colunas},
        tuple(
            Fk(f["nome"], nome, f["pai"], dict(zip(f["de"], f["para"], strict=True)))
            for f in fks
            if f["pai"] in de_cliente and None not in f["de"]
        ),
    )


def _valor(tabela: str, coluna: str, tipo: str) -> Any:
    escolhido = VALORES.get((tabela, coluna), VALORES.get(coluna))
    if escolhido is not None:
        return escolhido() if isinstance(escolhido, Callable) else escolhido  # type: ignore[arg-type]
    genericos: dict[str, Any] = {
        "uuid": uuid4(),
        "text": f"t_{secrets.token_hex(4)}",
        "tsvector": "palavra",
        "bytea": secrets.token_bytes(32),
        "jsonb": "{}",
        "timestamp with time zone": datetime.now(UTC),
        "boolean": True,
        "date": datetime.now(UTC).date(),
        "smallint": 1,
        "integer": 1,
        "bigint": 1,
    }
    return genericos[tipo]


class Fabrica:
    """Rows of one tenant, inserted by the superuser."""

    def __init__(self, admin: Admin, catalogo: dict[str, Tabela], cliente_id: UUID) -> None:
        self._admin = admin
        self._catalogo = catalogo
        self.cliente_id = cliente_id
        self._primeiras: dict[str, dict[str, Any]] = {}

    def primeira(self, tabela: str) -> dict[str, Any]:
        """A row of this tenant that is there (triggers and the tenant's creation make some by themselves)."""
        if tabela not in self._primeiras:
            consulta = sql.SQL("select {} from public.{} where cliente_id = %s order by {} limit 1").format(
                self._colunas(tabela),
                sql.Identifier(tabela),
                sql.SQL(", ").join(map(sql.Identifier, self._catalogo[tabela].pk)),
            )
            linha = self._admin.execute(consulta, [self.cliente_id]).fetchone()
            if linha is None:
                comando, valores = self.insercao(tabela)
                linha = self._admin.execute(
                    comando + sql.SQL(" returning ") + self._colunas(tabela), valores
                ).fetchone()
            assert linha, tabela
            self._primeiras[tabela] = linha
        return self._primeiras[tabela]

    def _colunas(self, tabela: str) -> sql.Composed:
        """All but the times: -infinity has no counterpart in Python, and no key is made of them."""
        tipos = self._catalogo[tabela].tipos.items()
        return sql.SQL(", ").join(sql.Identifier(c) for c, tipo in tipos if not tipo.startswith("timestamp"))

    def valores(self, tabela: str, **mudar: Any) -> dict[str, Any]:
        """A fresh row: required columns, those that VALORES names for the table, and new parents."""
        t = self._catalogo[tabela]
        linha = {c: _valor(tabela, c, tipo) for c, tipo in t.obrigatorias.items() if c != "cliente_id"}
        linha |= {c: _valor(tabela, c, t.tipos[c]) for c in t.tipos if (tabela, c) in VALORES}
        for fk in t.fks:
            proprias = [de for de in fk.colunas if de in linha]
            if proprias:
                # parents of its own: whatever is unique per parent is then free
                pai = self.nova(fk.pai)
                linha |= {de: pai[fk.colunas[de]] for de in proprias}
        for coluna in mudar:
            linha |= COMPANHIAS.get((tabela, coluna), {})
        return {"cliente_id": self.cliente_id, **linha, **mudar}

    def nova(self, tabela: str) -> dict[str, Any]:
        comando, valores = self.insercao(tabela)
        linha = self._admin.execute(comando + sql.SQL(" returning ") + self._colunas(tabela), valores).fetchone()
        assert linha
        return linha

    def insercao(self, tabela: str, **mudar: Any) -> tuple[sql.Composed, list[Any]]:
        linha = self.valores(tabela, **mudar)
        comando = sql.SQL("insert into public.{} ({}) values ({})").format(
            sql.Identifier(tabela),
            sql.SQL(", ").join(map(sql.Identifier, linha)),
            sql.SQL(", ").join(sql.Placeholder() * len(linha)),
        )
        return comando, list(linha.values())
