/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion, ban-drop-function
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- The inbox's lists: indexes for every tab, sort and visibility; saved views; the words of messages.

-- a list takes filters as one document and a sort; the old arguments were three of the filters
drop function if exists api.conversas_listar(uuid, text, text, uuid, uuid, integer, text);

create type public.conversas_filtros as (
    aba text, status text[], usuario_id uuid, sem_dono boolean, equipe_id uuid, conexao_id uuid, contato_id uuid, etiqueta_id uuid, -- noqa: LT01
    prioridade text[], controle text, janela text, nao_lidas boolean, sem_resposta_minutos integer, atividade_de timestamptz, -- noqa: LT01
    atividade_ate timestamptz, campanha_id uuid, texto text
);
comment on type public.conversas_filtros is 'O que uma lista de conversas pede, já conferido (interno.conversas_filtros_ler); nulo = tanto faz.';
create type public.conversas_posicao as (ordem text, fase integer, em timestamptz, id uuid);
comment on type public.conversas_posicao is 'Onde uma lista de conversas parou: a ordem, a fase dela e a chave da última linha.';

-- each of these gives one slice of the inbox already in the order of the list, newest activity first
drop index public.conversas_usuario_id_status_idx, public.conversas_equipe_id_idx, public.conversas_conexao_id_idx;
create index conversas_usuario_id_status_idx on public.conversas (cliente_id, usuario_id, status, ultima_mensagem_em desc, id desc);
create index conversas_equipe_id_idx on public.conversas (cliente_id, equipe_id, status, ultima_mensagem_em desc, id desc);
create index conversas_conexao_id_idx on public.conversas (cliente_id, conexao_id, status, ultima_mensagem_em desc, id desc);
create index conversas_status_idx on public.conversas (cliente_id, status, ultima_mensagem_em desc, id desc);
create index conversas_sem_dono_idx on public.conversas (cliente_id, equipe_id, status, ultima_mensagem_em desc, id desc)
where usuario_id is null;
create index conversas_prioridade_idx on public.conversas (cliente_id, prioridade, ultima_mensagem_em desc, id desc)
where prioridade <> 'NORMAL';
create index conversas_nao_lidas_idx on public.conversas (cliente_id, ultima_mensagem_em desc, id desc) where nao_lidas > 0;
-- who waits longest first
create index conversas_espera_desde_idx on public.conversas (cliente_id, espera_desde, id) where espera_desde is not null;
create index conversas_fila_espera_idx on public.conversas (cliente_id, equipe_id, espera_desde, id)
where usuario_id is null and espera_desde is not null;
create index mencoes_por_ler_idx on public.mencoes (cliente_id, usuario_id, conversa_id) where lida_em is null;

create table public.visoes (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    usuario_id uuid not null,
    equipe_id uuid,
    nome text not null constraint visoes_nome_check check (char_length(nome) between 1 and 60),
    filtros jsonb not null default '{}'
    constraint visoes_filtros_check check (jsonb_typeof(filtros) = 'object' and pg_column_size(filtros) < 4096),
    ordem text not null default 'ULTIMA_ATIVIDADE'
    constraint visoes_ordem_check check (ordem in ('ULTIMA_ATIVIDADE', 'ESPERA', 'CRIADA', 'PRIORIDADE')),
    fixada boolean not null default false,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint visoes_pkey primary key (cliente_id, id),
    constraint visoes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id),
    constraint visoes_cliente_id_equipe_id_fkey
    foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id)
);
create index visoes_usuario_id_idx on public.visoes (cliente_id, usuario_id, id);
create index visoes_equipe_id_idx on public.visoes (cliente_id, equipe_id, id);
comment on table public.visoes is 'Visões salvas da lista de conversas: filtros e ordem com nome. equipe_id nulo = só de quem a criou; senão, de toda a equipe.';
comment on constraint visoes_cliente_id_equipe_id_fkey on public.visoes is 'ZNI04: equipe não encontrada';
call interno.isolar_tabela('public.visoes');
create trigger _020_atualizado before update on public.visoes for each row execute function interno.tg_atualizado();

-- what a word is: accents away, then the Portuguese stem
create text search configuration public.portugues (copy = pg_catalog.portuguese);
alter text search configuration public.portugues
alter mapping for hword, hword_part, word with public.unaccent, pg_catalog.portuguese_stem;
comment on text search configuration public.portugues is 'Português sem acentos: como as mensagens são indexadas. Usada por mensagens_busca: só muda por migração.';

-- apart from the messages: their ticks change several times, and each change would write every word again
create table public.mensagens_busca (
    cliente_id uuid not null,
    mensagem_id uuid not null,
    termos tsvector not null,
    constraint mensagens_busca_pkey primary key (cliente_id, mensagem_id),
    constraint mensagens_busca_cliente_id_mensagem_id_fkey
    foreign key (cliente_id, mensagem_id) references public.mensagens (cliente_id, id) on delete cascade
);
create index mensagens_busca_termos_idx on public.mensagens_busca using gin (cliente_id, termos);
comment on table public.mensagens_busca is 'As palavras de cada mensagem com texto, mantidas por gatilho; a de uma mensagem apagada sai daqui.';
call interno.isolar_tabela('public.mensagens_busca');
create policy mensagens_busca_busca on public.mensagens_busca for select to crm_busca using (true);

create function interno.tg_mensagens__indexar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_mensagens__reindexar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _040_indexar after insert on public.mensagens
referencing new table as novas for each statement execute function interno.tg_mensagens__indexar();
create trigger _050_reindexar after update of corpo, apagado_em on public.mensagens for each row
when (old.corpo is distinct from new.corpo or old.apagado_em is distinct from new.apagado_em)
execute function interno.tg_mensagens__reindexar();

do $palavras$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.mensagens_busca (cliente_id, mensagem_id, termos)
        select m.cliente_id, m.id, to_tsvector('public.portugues', translate(left(m.corpo, 20000), '<>', '  '))
        from public.mensagens as m
        where m.cliente_id = r_cliente.id and m.corpo <> '' and m.apagado_em is null
            and m.tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO', 'SISTEMA');
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$palavras$;
