"""Plans and cost of the hot queries on a large database; print one JSON line each.

    python bench/planos.py --contatos 1000000 --fila 1000000

Every product function runs as the role that owns it, under RLS; `auto_explain` reports the plan of each statement
inside. Figures: median milliseconds of the whole call over `--vezes` runs, shared buffers of one run, the indexes that
the plans use, sequential scans of large tables (none allowed) and rows read in vain. Then: the claim at 20,000 rows
against `--fila`, and starting a campaign for a tenth of the contacts with two variables.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psutil
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.embutido import ServidorPostgres
from app.migracao import migrar

Conexao = psycopg.Connection[dict[str, Any]]
# tables that grow with the tenants' work: reading one of them whole is never right
GRANDES: Final = frozenset(
    {
        "fila", "contatos", "campanhas_log", "campanhas_totais", "tentativas", "status_recebidos",
        "webhooks_recebidos", "sessoes", "conexoes",
    }
)  # fmt: skip
# the few reads that are about all tenants at once, by their owners' own policy
AMPLAS: Final = frozenset({"prontas", "credenciais", "credenciais_sem_ids", "inscricao", "evento"})
CLIENTES, NUMEROS, COM_TRABALHO = 20, 1000, 200
SENHA_HASH: Final = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$JGDRPO6bCMfuHCFRsIbEEA"
SEGREDO: Final = "s" * 43


@dataclass
class No:
    """One scan in a plan."""

    tipo: str
    tabela: str | None
    indice: str | None
    condicao: str
    lidas: int
    descartadas: int


@dataclass
class Visto:
    """What one call did."""

    resposta: Any
    nos: list[No] = field(default_factory=list)
    blocos: int = 0

    @property
    def indices(self) -> set[str]:
        return {n.indice for n in self.nos if n.indice}

    @property
    def varreduras(self) -> list[str]:
        """Large tables that were read whole."""
        return sorted({n.tabela for n in self.nos if n.tipo == "Seq Scan" and n.tabela in GRANDES})

    @property
    def sem_cliente(self) -> list[str]:
        """Indexes of large tables that were entered without naming the tenant."""
        tenants = {n.indice for n in self.nos if n.indice and n.tabela in GRANDES and "cliente_id" not in n.condicao}
        return sorted(tenants)

    @property
    def descartadas(self) -> int:
        """Rows of large tables that were read in vain."""
        return sum(n.descartadas for n in self.nos if n.tabela in GRANDES)

    @property
    def lidas(self) -> int:
        """The most rows that one step read of a large table, wanted or not."""
        return max((n.lidas + n.descartadas for n in self.nos if n.tabela in GRANDES), default=0)


def _nos(plano: Mapping[str, Any], tabela: str | None = None) -> Iterator[No]:
    tabela = plano.get("Relation Name") or tabela
    if "Scan" in plano["Node Type"]:
        yield No(
            plano["Node Type"],
            tabela,
            plano.get("Index Name"),
            plano.get("Index Cond", ""),
            round(plano.get("Actual Rows", 0) * plano.get("Actual Loops", 1)),
            plano.get("Rows Removed by Filter", 0) * plano.get("Actual Loops", 1),
        )
    for filho in plano.get("Plans", ()):
        # a bitmap index scan does not say whose index it is; its heap scan does
        yield from _nos(filho, tabela if plano["Node Type"] in ("Bitmap Heap Scan", "BitmapOr", "BitmapAnd") else None)


class Espia:
    """A superuser's connection that calls functions as a given role and sees the plans of what they run."""

    def __init__(self, url: str) -> None:
        self.conexao: Conexao = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        self._avisos: list[str] = []
        self.conexao.add_notice_handler(lambda d: self._avisos.append(d.message_primary or ""))
        self.conexao.execute("load 'auto_explain'")
        for nome, valor in {
            "log_min_duration": "-1", "log_analyze": "on", "log_buffers": "on", "log_timing": "off",
            "log_nested_statements": "on", "log_format": "json",
        }.items():  # fmt: skip
            self.conexao.execute(sql.SQL("set auto_explain.{} = {}").format(sql.Identifier(nome), sql.Literal(valor)))

    def fechar(self) -> None:
        self.conexao.close()

    @contextmanager
    def _como(
        self, papel: str, cliente_id: UUID | None, *, planos: bool = False, desfazer: bool = True
    ) -> Iterator[None]:
        with self.conexao.transaction(force_rollback=desfazer):
            if planos:
                # before the role: only a superuser may ask for plans
                self.conexao.execute("set local auto_explain.log_min_duration = 0")
                self.conexao.execute("set local client_min_messages = log")
            self.conexao.execute(sql.SQL("set local role {}").format(sql.Identifier(papel)))
            if cliente_id:
                self.conexao.execute("select set_config('app.cliente_id', %s, true)", [str(cliente_id)])
            yield

    def chamar(self, papel: str, comando: str, valores: Mapping[str, Any], cliente_id: UUID | None = None) -> float:
        """Milliseconds of one call, undone afterwards."""
        with self._como(papel, cliente_id):
            inicio = perf_counter()
            self.conexao.execute(comando, valores)
            return (perf_counter() - inicio) * 1000

    def ver(
        self,
        papel: str,
        comando: str,
        valores: Mapping[str, Any],
        cliente_id: UUID | None = None,
        *,
        desfazer: bool = True,
    ) -> Visto:
        """The plans of one call, undone afterwards unless told otherwise."""
        with self._como(papel, cliente_id, planos=True, desfazer=desfazer):
            self._avisos.clear()
            visto = Visto(self.conexao.execute(comando, valores).fetchone())
            # a statement reports when its portal closes, which is when the next one comes
            self.conexao.execute("select 1")
            avisos = list(self._avisos)
        for aviso in avisos:
            if " plan:\n" in aviso:
                plano = json.loads(aviso.split(" plan:\n", 1)[1])["Plan"]
                visto.nos += _nos(plano)
                # the outermost statement counts those inside it
                visto.blocos = max(visto.blocos, plano.get("Shared Hit Blocks", 0) + plano.get("Shared Read Blocks", 0))
        return visto


@dataclass(frozen=True)
class Povoado:
    """Where the interesting rows are."""

    cliente_id: UUID
    medio_id: UUID
    numero_id: UUID
    vivo_id: UUID
    campanha_id: UUID
    antiga_id: UUID
    nova_id: UUID
    webhook_id: UUID
    meio: str


_POVOAR: Final = (
    # numbers: a thousand, of which two hundred have work
    """insert into conexoes (cliente_id, nome, canal, provedor, numero_id_externo, conta_id_externa, credenciais,
        segredo_impressao, verificacao_hash)
    select c.id, 'Numero ' || c.n || '/' || g, 'WHATSAPP', 'META_API',
        (10::numeric ^ 14 + c.n * 1000 + g)::bigint::text,
        (2 * 10::numeric ^ 14 + c.n * 1000 + g)::bigint::text, decode(repeat('00', 300), 'hex'),
        sha256(convert_to((c.n * 1000 + g)::text, 'UTF8')), sha256(convert_to('v' || c.n * 1000 + g, 'UTF8'))
    from quem as c cross join generate_series(1, %(por_cliente)s) as g""",
    "insert into limites (cliente_id, conexao_id) select cliente_id, id from conexoes",
    """create temp table trabalham as
    select cliente_id, id, row_number() over (order by n, nome) as ordem
    from (
        select x.cliente_id, x.id, x.nome, q.n, row_number() over (partition by x.cliente_id order by x.nome) as k
        from conexoes as x join quem as q on q.id = x.cliente_id
    ) as t where k <= %(trabalham)s""",
    """insert into modelos (cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, componentes, variaveis)
    select distinct on (x.cliente_id) x.cliente_id, x.id, '6' || q.n, 'promo', 'pt_BR', 'MARKETING', 'APPROVED',
        '[{"type": "BODY", "text": "Oi {{1}}, {{2}}"}]', '{1,2}'
    from conexoes as x join quem as q on q.id = x.cliente_id order by x.cliente_id, x.id""",
    """insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash, renovacao_expira_em)
    select q.id, q.usuario_id, sha256(uuid_send(gen_random_uuid())), now() + interval '1 day',
        sha256(uuid_send(gen_random_uuid())), now() + interval '9 days'
    from quem as q cross join generate_series(1, 100)""",
    """insert into sessoes (cliente_id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash, renovacao_expira_em)
    select q.id, q.usuario_id, sha256(convert_to(%(segredo)s, 'UTF8')), now() + interval '1 day',
        sha256(uuid_send(gen_random_uuid())), now() + interval '9 days' from quem as q""",
    # half of the people belong to one tenant, a tenth to another
    """insert into contatos (cliente_id, nome, telefone, campos)
    select q.id, (array['Ana', 'José', 'Antônia', 'João', 'Lúcia', 'Caetano', 'Inês', 'Raimundo'])[1 + g %% 8] || ' '
        || (array['Silva', 'Souza', 'Conceição', 'Araújo', 'Nóbrega', 'Quintão', 'Xavier'])[1 + g / 8 %% 7] || ' ' || g,
        '+5511' || (900000000 + g), jsonb_build_object('cidade', 'Cidade ' || g %% 500)
    from generate_series(1, %(contatos)s) as g
    join quem as q on q.n = case when g %% 10 < 5 then 1 when g %% 10 = 5 then 2 else 3 + g %% 18 end""",
    "insert into contatos_totais (cliente_id, total) select cliente_id, count(*) from contatos group by 1",
    """insert into campanhas (cliente_id, nome, conexao_id, modelo_id, variaveis, publico_tipo, status, criado_por,
        iniciada_em)
    select m.cliente_id, e.nome, t.id, m.id, '{"1": "{{contato.nome}}", "2": "{{contato.cidade|aqui}}"}', 'FILTRO',
        e.status, q.usuario_id, now()
    from modelos as m join quem as q on q.id = m.cliente_id join trabalham as t on t.cliente_id = m.cliente_id
    cross join (values (1, 'Antiga', 'CONCLUIDA'), (2, 'Atual', 'EM_ANDAMENTO'), (3, 'Nova', 'RASCUNHO'))
        as e (n, nome, status)
    where t.ordem %% %(trabalham)s = 1 order by e.n""",
    """insert into campanhas (cliente_id, nome, conexao_id, modelo_id, publico_tipo, status, criado_por)
    select k.cliente_id, 'Velha ' || g, k.conexao_id, k.modelo_id, 'FILTRO', 'CANCELADA', k.criado_por
    from campanhas as k cross join generate_series(1, 100) as g where k.nome = 'Antiga'""",
    """insert into campanhas_totais (cliente_id, campanha_id, chave, total)
    select k.cliente_id, k.id, e.chave, 1 from campanhas as k
    cross join unnest(array['ENVIADO', 'FALHOU', 'PULADO', 'ENTREGUE', 'LIDO']) as e (chave)
    where k.nome like 'Velha%%'""",
    """insert into campanhas_log (cliente_id, campanha_id, contato_id, telefone, status, motivo, parametros, enviado_em)
    select k.cliente_id, k.id, c.id, c.telefone, e.status, case when e.status = 'FALHOU' then
        case when c.n %% 5000 = 7 then 'WINDOW' else 'CONTACT' end end, '{"1": "a", "2": "b"}', now()
    from campanhas as k
    cross join lateral (
        select id, telefone, row_number() over (order by id) as n from contatos
        where cliente_id = k.cliente_id order by id limit %(contatos)s / 5
    ) as c
    cross join lateral (
        select case when k.nome = 'Antiga' then case when c.n %% 10 = 7 then 'FALHOU' else 'ENVIADO' end
            when c.n <= 200 then 'RESERVADO' when c.n %% 2 = 0 then 'ENVIADO' else 'PENDENTE' end as status
    ) as e
    where k.cliente_id = (select id from quem where n = 1) and k.nome in ('Antiga', 'Atual')
    order by k.nome, c.n""",
    """insert into campanhas_totais (cliente_id, campanha_id, chave, total)
    select cliente_id, campanha_id, status, count(*) from campanhas_log group by 1, 2, 3""",
    """insert into tentativas (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em, terminada_em, desfecho,
        id_externo)
    select l.cliente_id, l.id, k.conexao_id, 1, 'w', now(), now(), 'ACEITO', 'wamid.' || l.id
    from campanhas_log as l join campanhas as k on k.cliente_id = l.cliente_id and k.id = l.campanha_id
    where l.status in ('ENVIADO', 'FALHOU')""",
    """insert into status_recebidos (cliente_id, conexao_id, id_externo, status, tentativa_id, ocorrido_em)
    select t.cliente_id, t.conexao_id, t.id_externo, e.status,
        case when substr(t.id::text, 36) < '8' then t.id end, now()
    from tentativas as t cross join (values ('sent'), ('delivered')) as e (status)""",
    """insert into webhooks_recebidos (cliente_id, conexao_id, corpo, status)
    select t.cliente_id, t.id, convert_to('{"entry": []}', 'UTF8'), 'PROCESSADO'
    from generate_series(1, %(contatos)s / 20) as g join trabalham as t on t.ordem = 1 + g %% %(trabalhando)s""",
    # half of the queue belongs to one number, and came first
    """insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, expira_em)
    select t.cliente_id, 'campanha_enviar', t.id, 7, now() - interval '1 hour' + g * interval '1 microsecond', uuidv7(),
        now() + interval '1 day'
    from generate_series(1, %(fila)s) as g
    join trabalham as t on t.ordem = case when g <= %(fila)s / 2 then 1 else 1 + g %% %(trabalhando)s end""",
    """insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    select q.id, 'webhook_processar', 3, now() - interval '1 minute', uuidv7()
    from generate_series(1, %(fila)s / 20) as g join quem as q on q.n = 1 + g %% 20""",
    """insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, reservado_por, reservado_ate,
        intencao_em)
    select l.cliente_id, 'campanha_enviar', k.conexao_id, 5, now(), l.id, 'w', now() - interval '1 minute', now()
    from (select * from campanhas_log where status = 'RESERVADO' order by id limit 100) as l
    join campanhas as k on k.cliente_id = l.cliente_id and k.id = l.campanha_id""",
    """insert into fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, expira_em)
    select l.cliente_id, 'campanha_enviar', t.id, 5, now(), l.id, now() + interval '1 day'
    from (select * from campanhas_log where status = 'RESERVADO' order by id desc limit 100) as l
    join trabalham as t on t.ordem = 2""",
)


def povoar(conexao: Conexao, contatos: int, fila: int) -> Povoado:
    """Fill a migrated, empty database. Triggers and foreign keys are off: the rows are consistent by construction."""
    conexao.execute("set session_replication_role = replica")
    conexao.execute("set synchronous_commit = off")
    conexao.execute("set work_mem = '64MB'")
    conexao.execute("create temp table quem (n integer, id uuid, usuario_id uuid)")
    for n in range(1, CLIENTES + 1):
        conexao.execute(
            "insert into quem select %(n)s, (c.j ->> 'clienteId')::uuid, (c.j ->> 'usuarioId')::uuid from (select"
            " plataforma.cliente_criar(p_nome => %(nome)s, p_plano => 'EMPRESA', p_usuario_nome => 'Administradora',"
            " p_email => %(email)s, p_senha_hash => %(hash)s) as j) as c",
            {"n": n, "nome": f"Cliente {n}", "email": f"planos-{n}@exemplo.test", "hash": SENHA_HASH},
        )
    # filling an inverted index row by row takes minutes: made afterwards, it is the same
    indices = [
        x["ddl"]
        for x in conexao.execute(
            "select pg_get_indexdef(indexrelid) as ddl from pg_index where indrelid = 'contatos'::regclass"
            " and indexrelid::regclass::text in ('contatos_nome_idx', 'contatos_telefone_idx')"
        ).fetchall()
    ]
    conexao.execute("drop index contatos_nome_idx, contatos_telefone_idx")
    valores = {
        "contatos": contatos, "fila": fila, "por_cliente": NUMEROS // CLIENTES, "trabalham": COM_TRABALHO // CLIENTES,
        "trabalhando": COM_TRABALHO, "segredo": SEGREDO,
    }  # fmt: skip
    for comando in _POVOAR:
        conexao.execute(comando, valores, prepare=False)
    for ddl in indices:
        conexao.execute(ddl)
    conexao.execute("set session_replication_role = origin")
    conexao.execute("vacuum (analyze)")
    linha = conexao.execute(
        "with um as (select id from quem where n = 1), dois as (select id from quem where n = 2)"
        " select (table um) as cliente_id, (table dois) as medio_id,"
        " (select id from trabalham where ordem = 1) as numero_id,"
        " (select id from trabalham where ordem = 2) as vivo_id,"
        " (select id from campanhas where nome = 'Atual' and cliente_id = (table um)) as campanha_id,"
        " (select id from campanhas where nome = 'Antiga' and cliente_id = (table um)) as antiga_id,"
        " (select id from campanhas where nome = 'Nova' and cliente_id = (table dois)) as nova_id,"
        " (select replace(id::text, '-', '') from contatos where cliente_id = (table um)"
        "   order by id offset %s / 4 limit 1) as meio",
        [contatos],
    ).fetchone()
    assert linha
    tentativas = conexao.execute(
        "select t.id as tentativa, t.id_externo as id from tentativas as t where t.cliente_id = %s"
        " order by t.id desc limit 100",
        [linha["cliente_id"]],
    ).fetchall()
    webhook_id = _webhook(conexao, linha["cliente_id"], linha["numero_id"], tentativas)
    return Povoado(**linha, webhook_id=webhook_id)


def _webhook(conexao: Conexao, cliente_id: UUID, numero_id: UUID, ditos: list[dict[str, Any]]) -> UUID:
    """A body of readings, half of them without our attempt id, waiting in the queue; its id there."""
    itens = [
        {"id": t["id"], "status": "read", "timestamp": "1700000000"}
        | ({"biz_opaque_callback_data": str(t["tentativa"])} if n % 2 else {})
        for n, t in enumerate(ditos)
    ]
    corpo = {"entry": [{"changes": [{"field": "messages", "value": {"statuses": itens}}]}]}
    feito = conexao.execute(
        "with w as (insert into webhooks_recebidos (cliente_id, conexao_id, corpo) values (%s, %s, %s) returning *)"
        " insert into fila (cliente_id, tipo, prioridade, executar_em, alvo_id)"
        " select cliente_id, 'webhook_processar', 3, now(), id from w returning id",
        [cliente_id, numero_id, json.dumps(corpo).encode()],
    ).fetchone()
    assert feito
    return UUID(str(feito["id"]))


@dataclass(frozen=True)
class Consulta:
    """One hot call: who makes it, and indexes that its plans must use."""

    papel: str
    comando: str
    indices: frozenset[str]
    valores: Mapping[str, Any] = field(default_factory=dict)
    # for steps that no login role may call: the tenant whose context is set first
    cliente_id: UUID | None = None


def consultas(p: Povoado) -> dict[str, Consulta]:
    """The hot calls of the product on this database."""
    sessao = "p_cliente_id => %(c)s, p_sessao => %(s)s"
    de_sessao = {"c": p.cliente_id, "s": SEGREDO}
    corpo = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "200000000001001", "changes": [
            {"field": "messages", "value": {"metadata": {"phone_number_id": "100000000001001"}, "statuses": []}}]}]}
    ).encode()  # fmt: skip

    def api(chamada: str, *indices: str, **valores: Any) -> Consulta:
        com_sessao = frozenset({"sessoes_cliente_id_acesso_hash_key", *indices})
        return Consulta("crm_api", f"select api.{chamada}".replace("$", sessao), com_sessao, {**de_sessao, **valores})

    def worker(chamada: str, *indices: str, **valores: Any) -> Consulta:
        return Consulta("crm_worker", f"select worker.{chamada}", frozenset(indices), {"c": p.cliente_id, **valores})

    def porta(chamada: str, *indices: str, **valores: Any) -> Consulta:
        return Consulta("crm_ingresso", f"select webhook.{chamada}", frozenset(indices), valores)

    logs = "campanhas_log_campanha_id_status_idx"
    return {
        "reserva": worker("fila_reservar(%(c)s, %(x)s, 'w', 10, 1)", "fila_pronta_idx", x=p.numero_id),
        "prontas": worker("fila_prontas()", "fila_pronta_idx", "fila_interna_idx", "fila_reservada_idx"),
        "internos": worker("interno_vencidos(%(c)s, 100)", "fila_interna_idx"),
        "resgate": worker("fila_resgatar(%(c)s)", "fila_reservada_idx"),
        "webhook": worker(
            "interno_executar_estes(%(c)s, array[%(w)s::uuid])",
            "webhooks_recebidos_pkey", "tentativas_pkey", "tentativas_id_externo_idx", "status_recebidos_pkey",
            "status_recebidos_tentativa_id_idx", "fila_cliente_id_tipo_alvo_id_key", "campanhas_log_pkey",
            w=p.webhook_id,
        ),
        "alimentador": Consulta(
            "crm_fila", "select interno.campanha_alimentar(%(c)s, %(k)s)", frozenset({logs}),
            {"c": p.cliente_id, "k": p.campanha_id}, p.cliente_id,
        ),
        "conclusao": Consulta(
            "crm_fila", "select interno.campanha_concluir(%(c)s, %(k)s)", frozenset({logs}),
            {"c": p.cliente_id, "k": p.campanha_id}, p.cliente_id,
        ),
        "totais": api("campanha_obter($, p_id => %(k)s)", "campanhas_totais_pkey", k=p.campanha_id),
        "logs": api("campanha_logs_listar($, p_id => %(k)s)", logs, k=p.antiga_id),
        "logs_de_um_estado": api(
            "campanha_logs_listar($, p_id => %(k)s, p_status => 'PENDENTE')", logs, k=p.campanha_id
        ),
        "logs_de_um_motivo": api(
            "campanha_logs_listar($, p_id => %(k)s, p_motivo => 'WINDOW')", "campanhas_log_motivo_idx", k=p.antiga_id
        ),
        "contatos": api("contatos_listar($)", "contatos_pkey"),
        "contatos_do_meio": api("contatos_listar($, p_cursor => %(m)s)", "contatos_pkey", m=p.meio),
        "busca_por_nome": api("contatos_listar($, p_busca => %(b)s)", "contatos_nome_idx", b="quintao 47"),
        "busca_sem_achado": api("contatos_listar($, p_busca => %(b)s)", "contatos_nome_idx", b="wxyzwxyz"),
        "busca_por_telefone": api("contatos_listar($, p_busca => %(b)s)", "contatos_telefone_idx", b="900004321"),
        "campanhas": api("campanhas_listar($)"),
        "sessao": api("eu_obter($)"),
        "credenciais": porta(
            "credenciais_listar('{100000000001001}', '{200000000001001}')",
            "conexoes_numero_id_externo_idx", "conexoes_conta_id_externa_idx",
        ),
        "credenciais_sem_ids": porta("credenciais_listar('{}', '{}')", "conexoes_segredo_impressao_idx"),
        "inscricao": porta("verificacao_conferir(sha256('x'))", "conexoes_verificacao_hash_idx"),
        "evento": porta(
            "evento_receber(array[%(x)s]::uuid[], %(corpo)s, true)", "conexoes_numero_id_externo_idx",
            x=p.numero_id, corpo=corpo,
        ),
    }  # fmt: skip


def ver(espia: Espia, q: Consulta) -> Visto:
    return espia.ver(q.papel, q.comando, q.valores, q.cliente_id)


def tempo(espia: Espia, q: Consulta, vezes: int) -> float:
    """Median milliseconds of the call."""
    return statistics.median(espia.chamar(q.papel, q.comando, q.valores, q.cliente_id) for _ in range(vezes))


def reservas_ms(espia: Espia, p: Povoado, vezes: int) -> float:
    """Median milliseconds of claims that stay: each finds the head of the queue further on."""
    tempos = []
    for _ in range(vezes):
        inicio = perf_counter()
        espia.conexao.execute(
            "select worker.fila_reservar(%s, %s, 'w', 10, 1, interval '1 hour')", [p.cliente_id, p.numero_id]
        )
        tempos.append((perf_counter() - inicio) * 1000)
    return statistics.median(tempos)


def enviar_ms(espia: Espia, p: Povoado) -> dict[str, float]:
    """Milliseconds of announcing and of settling ten sends."""
    c = espia.conexao
    linha = c.execute("select worker.fila_reservar(%s, %s, 'w', 10, 1) as j", [p.cliente_id, p.vivo_id]).fetchone()
    assert linha
    itens = [{"id": x["id"], "cerca": x["cerca"]} for x in linha["j"]]
    inicio = perf_counter()
    linha = c.execute(
        "select worker.envio_intencao(%s, %s, 'w', 1, %s) as j", [p.cliente_id, p.vivo_id, json.dumps(itens)]
    ).fetchone()
    meio = perf_counter()
    assert linha
    feitos = [{**e, "desfecho": "ACEITO", "idExterno": f"wamid.novo.{e['id']}"} for e in linha["j"]["envios"]]
    assert len(feitos) == 10
    c.execute("select worker.envio_registrar(%s, %s, 'w', %s)", [p.cliente_id, p.vivo_id, json.dumps(feitos)])
    return {"intencao_ms": round((meio - inicio) * 1000, 2), "registro_ms": round((perf_counter() - meio) * 1000, 2)}


def iniciar_s(espia: Espia, p: Povoado) -> dict[str, Any]:
    """Start the draft campaign of the tenant that has a tenth of the contacts; then the same, only the freeze."""
    c = espia.conexao
    servidor = psutil.Process(c.info.backend_pid)
    c.execute("update campanhas set publico_filtro = '{}' where id = %s", [p.nova_id])
    with c.transaction(force_rollback=True):
        c.execute("set local role crm_definidor")
        c.execute("select set_config('app.cliente_id', %s, true)", [str(p.medio_id)])
        inicio, cpu = perf_counter(), servidor.cpu_times().user
        linha = c.execute("select interno.campanha_congelar(%s, %s) as n", [p.medio_id, p.nova_id]).fetchone()
        congelar, congelar_cpu = perf_counter() - inicio, servidor.cpu_times().user - cpu
    assert linha
    inicio, cpu = perf_counter(), servidor.cpu_times().user
    c.execute("select api.campanha_iniciar(%s, %s, %s)", [p.medio_id, SEGREDO, p.nova_id])
    return {
        "destinatarios": linha["n"],
        "congelar_s": round(congelar, 2),
        "congelar_cpu_s": round(congelar_cpu, 2),
        "iniciar_s": round(perf_counter() - inicio, 2),
        "iniciar_cpu_s": round(servidor.cpu_times().user - cpu, 2),
    }


def cliente_novo(espia: Espia, p: Povoado, lotes: int = 3) -> dict[str, Visto]:
    """Send, settle and hear of a campaign of a tenant that had none: the statistics have never heard of its rows.

    Call it after `iniciar_s`.
    """
    c = espia.conexao
    linha = c.execute("select conexao_id as x from campanhas where id = %s", [p.nova_id]).fetchone()
    assert linha
    quem = {"c": p.medio_id, "x": linha["x"], "s": SEGREDO, "k": p.nova_id}
    c.execute("delete from fila where cliente_id = %(c)s and conexao_id = %(x)s and prioridade = 7 and alvo_id not in"
              " (select id from campanhas_log where campanha_id = %(k)s)", quem)  # fmt: skip
    vistos: dict[str, Visto] = {}

    def worker(nome: str, chamada: str, **valores: Any) -> Any:
        vistos[nome] = espia.ver("crm_worker", f"select worker.{chamada} as j", {**quem, **valores}, desfazer=False)
        return vistos[nome].resposta["j"]

    feitos: list[dict[str, Any]] = []
    for _ in range(lotes):
        itens = worker("reserva", "fila_reservar(%(c)s, %(x)s, 'w', 10, 1)")
        envios = worker("intencao", "envio_intencao(%(c)s, %(x)s, 'w', 1, %(i)s)", i=json.dumps(itens))["envios"]
        feitos = [{**e, "desfecho": "ACEITO", "idExterno": f"wamid.{e['id']}"} for e in envios]
        assert len(feitos) == 10
        worker("registro", "envio_registrar(%(c)s, %(x)s, 'w', %(r)s)", r=json.dumps(feitos))
    ditos = [{"id": f["idExterno"], "tentativa": f["tentativaId"]} for f in feitos]
    worker("webhook", "interno_executar_estes(%(c)s, array[%(w)s::uuid])", w=_webhook(c, quem["c"], quem["x"], ditos))
    vistos["alimentador"] = espia.ver(
        "crm_fila", "select interno.campanha_alimentar(%(c)s, %(k)s)", quem, p.medio_id, desfazer=False
    )
    return vistos


@dataclass(frozen=True)
class _Config:
    url_admin: str

    def senha_do_papel(self, papel: str) -> str:
        return f"senha-{papel}"


def _linha(**campos: Any) -> None:
    print(json.dumps(campos, ensure_ascii=False), flush=True)


def main() -> None:
    """Measure a small and a large database."""
    opcoes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    opcoes.add_argument("--contatos", type=int, default=int(os.environ.get("BALCAO_PLANOS", "1000000")))
    opcoes.add_argument("--fila", type=int, default=int(os.environ.get("BALCAO_PLANOS", "1000000")))
    opcoes.add_argument("--vezes", type=int, default=7)
    o = opcoes.parse_args()
    with tempfile.TemporaryDirectory(prefix="planos-") as pasta, ServidorPostgres(Path(pasta)) as servidor:
        migrar(_Config(servidor.url()))
        with psycopg.connect(servidor.url(banco="postgres"), autocommit=True) as c:
            c.execute("create database pequeno template balcao")
        reservas = {}
        for banco, contatos, fila in (("pequeno", 20_000, 20_000), ("balcao", o.contatos, o.fila)):
            espia = Espia(servidor.url(banco=banco))
            inicio = perf_counter()
            p = povoar(espia.conexao, contatos, fila)
            _linha(consulta="povoar", contatos=contatos, fila=fila, s=round(perf_counter() - inicio, 1))
            if banco == "balcao":
                for nome, q in consultas(p).items():
                    v = ver(espia, q)
                    _linha(
                        consulta=nome, ms=round(tempo(espia, q, o.vezes), 2), blocos=v.blocos,
                        indices=sorted(v.indices), faltam=sorted(q.indices - v.indices), varreduras=v.varreduras,
                        sem_cliente=[] if nome in AMPLAS else v.sem_cliente, descartadas=v.descartadas,
                    )  # fmt: skip
                _linha(consulta="envio_de_10", **enviar_ms(espia, p))
                _linha(consulta="campanha_iniciar", **iniciar_s(espia, p))
                for nome, v in cliente_novo(espia, p).items():
                    _linha(
                        consulta=f"cliente_novo.{nome}", blocos=v.blocos, lidas=v.lidas, varreduras=v.varreduras,
                        indices=sorted(v.indices),
                    )  # fmt: skip
            reservas[banco] = reservas_ms(espia, p, 200)
            espia.fechar()
        _linha(
            consulta="crescimento_da_reserva",
            ms_20k=round(reservas["pequeno"], 3),
            ms=round(reservas["balcao"], 3),
            razao=round(reservas["balcao"] / reservas["pequeno"], 2),
        )


if __name__ == "__main__":
    main()
