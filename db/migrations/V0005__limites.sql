/* pgmigrate-encoding: utf-8 */
-- Who paces each number, and the slots while that is the database.

create table public.limites (
    cliente_id uuid not null,
    conexao_id uuid not null,
    epoca bigint not null default 1 constraint limites_epoca_check check (epoca > 0),
    autoridade text not null default 'REDIS' constraint limites_autoridade_check check (autoridade in ('REDIS', 'POSTGRES')),
    assumida_em timestamptz not null default '-infinity',
    proximo_slot timestamptz not null default '-infinity',
    constraint limites_pkey primary key (cliente_id, conexao_id),
    constraint limites_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (fillfactor = 50);
comment on table public.limites is 'Autoridade que dita o ritmo de cada número. epoca sobe a cada troca: uma reserva da fila nomeia a época da sua permissão e o banco recusa qualquer outra, então duas autoridades nunca concedem ao mesmo tempo; proximo_slot só vale com autoridade POSTGRES.';
comment on column public.limites.proximo_slot is 'Primeira vaga ainda não concedida.';
comment on constraint limites_cliente_id_conexao_id_fkey on public.limites is 'ZNX01: conexão não encontrada';
call interno.isolar_tabela('public.limites');
grant select, insert, update on public.limites to crm_fila;
