/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file require-concurrent-index-creation, adding-field-with-default
-- (one transaction, as pgmigrate runs it, with the product stopped)
-- What a person asks of a number: since when it is so, what came in and went out last, and whether that is usual.

alter table public.conexoes add column status_em timestamptz not null default now();
comment on column public.conexoes.status_em is 'Desde quando a conexão está neste estado.';
create function interno.tg_conexoes__status() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _030_status before update of status on public.conexoes
for each row when (old.status is distinct from new.status) execute function interno.tg_conexoes__status();

create index mensagens_conexao_id_entrada_idx on public.mensagens (cliente_id, conexao_id, criado_em) where direcao = 'ENTRADA';
create index tentativas_conexao_id_iniciada_em_idx on public.tentativas (cliente_id, conexao_id, iniciada_em);
