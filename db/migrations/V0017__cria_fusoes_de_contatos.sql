/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- One person, one contact: what joins two of them, what it moved, and the way back.

alter table public.contatos
add column fundido_em_id uuid,
add column email_busca text generated always as (lower(email)) stored
constraint contatos_email_busca_check check (char_length(email_busca) <= 500),
add constraint contatos_cliente_id_fundido_em_id_fkey
foreign key (cliente_id, fundido_em_id) references public.contatos (cliente_id, id) not valid;
call interno.restricao_validar('public.contatos', 'contatos_cliente_id_fundido_em_id_fkey');
create index contatos_fundido_em_id_idx on public.contatos (cliente_id, fundido_em_id) where fundido_em_id is not null;
create index contatos_email_busca_idx on public.contatos (cliente_id, email_busca, id)
where removido_em is null and email_busca is not null;
comment on column public.contatos.fundido_em_id is
'O contato em que este foi juntado, por ser a mesma pessoa: fica como removido, e quem o procura acha o outro.';

alter table public.conversas
add column fundida_em_id uuid,
add constraint conversas_cliente_id_fundida_em_id_fkey
foreign key (cliente_id, fundida_em_id) references public.conversas (cliente_id, id) not valid;
call interno.restricao_validar('public.conversas', 'conversas_cliente_id_fundida_em_id_fkey');
create index conversas_fundida_em_id_idx on public.conversas (cliente_id, fundida_em_id);
comment on column public.conversas.fundida_em_id is
'A conversa em que esta foi juntada, quando duas abertas de um número eram da mesma pessoa: fica vazia e resolvida.';

create table public.contatos_fusoes (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    de_id uuid not null,
    para_id uuid not null,
    motivo text not null constraint contatos_fusoes_motivo_check check (motivo in (
        'MESMA_MENSAGEM', 'TROCA_DE_NUMERO', 'TROCA_DE_ID', 'PESSOA'
    )),
    evidencia jsonb not null default '{}'
    constraint contatos_fusoes_evidencia_check check (jsonb_typeof(evidencia) = 'object' and pg_column_size(evidencia) < 8192),
    fundido_em timestamptz not null default now(),
    fundido_por uuid,
    desfeita_em timestamptz,
    desfeita_por uuid,
    constraint contatos_fusoes_pkey primary key (cliente_id, id),
    constraint contatos_fusoes_dois_check check (de_id <> para_id),
    constraint contatos_fusoes_cliente_id_de_id_fkey foreign key (cliente_id, de_id) references public.contatos (cliente_id, id),
    constraint contatos_fusoes_cliente_id_para_id_fkey foreign key (cliente_id, para_id) references public.contatos (cliente_id, id),
    constraint contatos_fusoes_cliente_id_fundido_por_fkey
    foreign key (cliente_id, fundido_por) references public.usuarios (cliente_id, id),
    constraint contatos_fusoes_cliente_id_desfeita_por_fkey
    foreign key (cliente_id, desfeita_por) references public.usuarios (cliente_id, id)
);
create index contatos_fusoes_para_id_idx on public.contatos_fusoes (cliente_id, para_id, id desc);
create index contatos_fusoes_fundido_por_idx on public.contatos_fusoes (cliente_id, fundido_por);
create index contatos_fusoes_desfeita_por_idx on public.contatos_fusoes (cliente_id, desfeita_por);
-- a contact is inside one other at a time
create index contatos_fusoes_todas_de_id_idx on public.contatos_fusoes (cliente_id, de_id);
create unique index contatos_fusoes_de_id_idx on public.contatos_fusoes (cliente_id, de_id) where desfeita_em is null;
comment on table public.contatos_fusoes is
'Cada vez que dois contatos se revelaram a mesma pessoa: quem entrou em quem, por que prova, por decisão de quem, e se foi desfeito. motivo PESSOA = decisão de alguém; os outros, do sistema.';
comment on index public.contatos_fusoes_de_id_idx is 'ZCC06: este contato já foi juntado a outro';
call interno.isolar_tabela('public.contatos_fusoes');

create table public.contatos_fusoes_itens (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    fusao_id uuid not null,
    tabela text not null constraint contatos_fusoes_itens_tabela_check check (tabela ~ '^[a-z_]{3,40}$'),
    alvo_id uuid not null,
    antes jsonb not null default '{}'
    constraint contatos_fusoes_itens_antes_check check (jsonb_typeof(antes) = 'object' and pg_column_size(antes) < 32768),
    depois jsonb not null default '{}'
    constraint contatos_fusoes_itens_depois_check check (jsonb_typeof(depois) = 'object' and pg_column_size(depois) < 32768),
    constraint contatos_fusoes_itens_pkey primary key (cliente_id, id),
    constraint contatos_fusoes_itens_cliente_id_fusao_id_fkey
    foreign key (cliente_id, fusao_id) references public.contatos_fusoes (cliente_id, id) on delete cascade
);
create index contatos_fusoes_itens_fusao_id_idx on public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, id);
comment on table public.contatos_fusoes_itens is
'Cada linha que uma fusão mudou, como era e como ficou: desfazer devolve só o que ninguém mudou depois.';
call interno.isolar_tabela('public.contatos_fusoes_itens');

create table public.contatos_sugestoes (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    contato_id uuid not null,
    outro_id uuid not null,
    motivo text not null constraint contatos_sugestoes_motivo_check check (motivo in (
        'IDENTIDADES_EM_CONFLITO', 'NUMERO_AMBIGUO', 'MESMO_NUMERO', 'MESMO_EMAIL', 'SEPARADOS'
    )),
    pontos smallint not null constraint contatos_sugestoes_pontos_check check (pontos between 0 and 100),
    evidencia jsonb not null default '{}'
    constraint contatos_sugestoes_evidencia_check check (jsonb_typeof(evidencia) = 'object' and pg_column_size(evidencia) < 8192),
    criado_em timestamptz not null default now(),
    dispensada_em timestamptz,
    dispensada_por uuid,
    constraint contatos_sugestoes_pkey primary key (cliente_id, id),
    constraint contatos_sugestoes_par_key unique (cliente_id, contato_id, outro_id),
    constraint contatos_sugestoes_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id),
    constraint contatos_sugestoes_cliente_id_outro_id_fkey
    foreign key (cliente_id, outro_id) references public.contatos (cliente_id, id),
    constraint contatos_sugestoes_cliente_id_dispensada_por_fkey
    foreign key (cliente_id, dispensada_por) references public.usuarios (cliente_id, id)
);
create index contatos_sugestoes_outro_id_idx on public.contatos_sugestoes (cliente_id, outro_id);
create index contatos_sugestoes_abertas_idx on public.contatos_sugestoes (cliente_id, id desc) where dispensada_em is null;
create index contatos_sugestoes_dispensada_por_idx on public.contatos_sugestoes (cliente_id, dispensada_por);
comment on table public.contatos_sugestoes is
'Pares de contatos que talvez sejam a mesma pessoa, por que e com que força (pontos, de 0 a 100); o menor id primeiro. Um par dispensado nunca mais é juntado nem sugerido pelo sistema.';
comment on constraint contatos_sugestoes_par_key on public.contatos_sugestoes is 'ZCC08: este par já foi sugerido';
call interno.isolar_tabela('public.contatos_sugestoes');

-- nothing new is tied to a contact that is inside another, not even by who read it a moment before
create function interno.tg_vivo() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _005_vivo before insert on public.conversas for each row execute function interno.tg_vivo();
create trigger _005_vivo before insert on public.mensagens_agendadas for each row execute function interno.tg_vivo();

create function interno.tg_contatos__sugerir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_contatos__ressugerir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _025_sugerir after insert on public.contatos
referencing new table as novos for each statement execute function interno.tg_contatos__sugerir();
create trigger _025_ressugerir after update of telefone, email on public.contatos for each row
when (new.removido_em is null and (new.telefone is distinct from old.telefone or new.email is distinct from old.email))
execute function interno.tg_contatos__ressugerir();

-- joining and separating put a conversation where it was, whatever a person may do from there
drop trigger _010_transicao on public.conversas;
create trigger _010_transicao before update of status on public.conversas for each row
when (old.fundida_em_id is not distinct from new.fundida_em_id) execute function interno.tg_transicao();
-- what was told stays told; only the conversation that it is told in may be joined to another
drop trigger _010_imutavel on public.conversas_historico;
create trigger _010_imutavel before update on public.conversas_historico
for each row when (
    (old.id, old.tipo, old.usuario_id, old.dados, old.ocorrido_em)
    is distinct from (new.id, new.tipo, new.usuario_id, new.dados, new.ocorrido_em)
) execute function interno.tg_imutavel();
create function interno.tg_conversas__fundida() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _006_fundida before update of status on public.conversas for each row
when (new.fundida_em_id is not null and new.status <> 'RESOLVIDA') execute function interno.tg_conversas__fundida();
