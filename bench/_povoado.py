"""A large database for the plans: many tenants, one of them with half of everything."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from bench._espia import Conexao

CLIENTES, NUMEROS, COM_TRABALHO = 20, 1000, 200
SENHA_HASH: Final = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$JGDRPO6bCMfuHCFRsIbEEA"
SEGREDO: Final = "s" * 43


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
    webhook_id = webhook(conexao, linha["cliente_id"], linha["numero_id"], tentativas)
    return Povoado(**linha, webhook_id=webhook_id)


def webhook(conexao: Conexao, cliente_id: UUID, numero_id: UUID, ditos: list[dict[str, Any]]) -> UUID:
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
