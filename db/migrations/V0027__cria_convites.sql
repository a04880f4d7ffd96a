/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function, adding-field-with-default, constraint-missing-not-valid
-- One-time links with which a person defines her own password; the company's own name and time zone become editable.

create table public.convites (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    usuario_id uuid not null,
    segredo_hash bytea not null constraint convites_segredo_hash_check check (octet_length(segredo_hash) = 32),
    criado_por uuid,
    criado_em timestamptz not null default now(),
    expira_em timestamptz not null,
    constraint convites_pkey primary key (cliente_id, id),
    constraint convites_cliente_id_segredo_hash_key unique (cliente_id, segredo_hash),
    constraint convites_cliente_id_usuario_id_key unique (cliente_id, usuario_id),
    constraint convites_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
comment on table public.convites is 'Link de uso único para definir a própria senha: só o sha256 do segredo. Um por pessoa; usado, a linha some.';
call interno.isolar_tabela('public.convites');

alter table public.clientes
add column versao integer not null default 1,
add column atualizado_em timestamptz not null default now();
create trigger _020_atualizado before update on public.clientes for each row execute function interno.tg_atualizado();

insert into public.permissoes (codigo, descricao) values ('empresa:gerir', 'Mudar o nome e o fuso horário da empresa');
do $perfis$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
        select r_cliente.id, p.id, 'empresa:gerir' from public.perfis as p
        where p.cliente_id = r_cliente.id and p.codigo = 'ADMINISTRADOR'
        on conflict do nothing;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$perfis$;

-- they gain an argument: the ones without it would make the call ambiguous
drop function if exists api.usuario_atualizar(uuid, text, uuid, text, text, uuid, text, integer);
drop function if exists api.usuario_desativar(uuid, text, uuid, integer);

comment on constraint usuarios_nome_check on public.usuarios is 'ZRI07: o nome tem de 2 a 120 caracteres';
comment on constraint clientes_nome_check on public.clientes is 'ZRI07: o nome tem de 2 a 120 caracteres';
comment on constraint equipes_nome_check on public.equipes is 'ZRI08: o nome tem de 2 a 80 caracteres';
comment on constraint perfis_nome_check on public.perfis is 'ZRI08: o nome tem de 2 a 80 caracteres';
comment on constraint calendarios_nome_check on public.calendarios is 'ZRI08: o nome tem de 2 a 80 caracteres';
comment on constraint feriados_nome_check on public.feriados is 'ZRI08: o nome tem de 2 a 80 caracteres';
comment on constraint equipes_membros_cliente_id_equipe_id_fkey on public.equipes_membros is 'ZNI04: equipe não encontrada';
