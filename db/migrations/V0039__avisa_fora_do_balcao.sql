/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-constraint, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the queue is short yet, and the product is stopped meanwhile)
-- Browsers that asked to be told while no tab of the product is open, and the work of telling them.

create table public.inscricoes (
    cliente_id uuid not null,
    id uuid not null,
    usuario_id uuid not null,
    sessao_id uuid not null,
    endereco_hash bytea not null constraint inscricoes_endereco_hash_check check (octet_length(endereco_hash) = 32),
    credenciais bytea not null constraint inscricoes_credenciais_check check (octet_length(credenciais) between 30 and 4096),
    ditos uuid[] not null default '{}' constraint inscricoes_ditos_check check (cardinality(ditos) <= 100),
    criado_em timestamptz not null default now(),
    constraint inscricoes_pkey primary key (cliente_id, id),
    constraint inscricoes_cliente_id_endereco_hash_key unique (cliente_id, endereco_hash),
    constraint inscricoes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade,
    constraint inscricoes_cliente_id_sessao_id_fkey
    foreign key (cliente_id, sessao_id) references public.sessoes (cliente_id, id) on delete cascade
);
create index inscricoes_usuario_id_idx on public.inscricoes (cliente_id, usuario_id, criado_em);
create index inscricoes_sessao_id_idx on public.inscricoes (cliente_id, sessao_id);
comment on table public.inscricoes is
'Navegadores que recebem avisos com o Balcão fechado; cada um acaba com a sessão em que se inscreveu. credenciais: endereço e chaves, cifrados na borda; ditos: as chaves dos últimos avisos, para não dizer duas vezes.';
comment on constraint inscricoes_cliente_id_endereco_hash_key on public.inscricoes is 'ZCI07: este navegador já está inscrito';
call interno.isolar_tabela('public.inscricoes');

create function interno.tg_sessoes__desinscrever() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_desinscrever after update of revogada_em on public.sessoes
for each row when (new.revogada_em is not null and old.revogada_em is null) execute function interno.tg_sessoes__desinscrever();

alter table public.fila drop constraint fila_conexao_presente_check;
alter table public.fila
alter column execucao set expression as (
    case
        when tipo in ('campanha_enviar', 'mensagem_enviar') then 'ENVIO'
        when tipo in ('midia_baixar', 'midia_subir', 'envio_reconciliar', 'leitura_marcar', 'digitando_mostrar', 'conexao_consultar') then 'BORDA'
        when tipo = 'aviso_empurrar' then 'AVISO'
        else 'BANCO'
    end
);
alter table public.fila
add constraint fila_conexao_presente_check check (execucao in ('BANCO', 'AVISO') or conexao_id is not null) not valid;
call interno.restricao_validar('public.fila', 'fila_conexao_presente_check');
create index fila_aviso_idx on public.fila (cliente_id, executar_em, id) where reservado_ate is null and execucao = 'AVISO';
comment on column public.fila.execucao is
'Quem faz: ENVIO = worker, com vaga do limitador; BORDA = worker, sem vaga (mídia, leitura, reconciliação); AVISO = worker, aos navegadores de uma pessoa; BANCO = uma função, numa transação.';
insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('aviso_empurrar', 'Aviso a quem está com o Balcão fechado', 'usuarios', 'FILA', null);
do $tipos$
begin
    execute format(
        'alter table public.fila drop constraint fila_tipo_check, add constraint fila_tipo_check check (tipo in (%s)) not valid',
        (select string_agg(quote_literal(t.tipo), ', ' order by t.tipo) from public.fila_tipos as t)
    );
end
$tipos$;
call interno.restricao_validar('public.fila', 'fila_tipo_check');
