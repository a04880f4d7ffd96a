/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function, adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- A second factor for entering: codes of an authenticator (TOTP), and recovery codes for when it is lost.

create table public.fatores (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    usuario_id uuid not null,
    segredo bytea not null constraint fatores_segredo_check check (octet_length(segredo) between 32 and 300),
    ultimo_passo bigint not null default 0 constraint fatores_ultimo_passo_check check (ultimo_passo >= 0),
    criado_em timestamptz not null default now(),
    ativado_em timestamptz,
    constraint fatores_pkey primary key (cliente_id, id),
    constraint fatores_cliente_id_usuario_id_key unique (cliente_id, usuario_id),
    constraint fatores_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
comment on table public.fatores is
'Segundo fator de uma pessoa: o segredo dos códigos (TOTP, RFC 6238), cifrado na borda para esta linha. Só vale depois de ativado por um primeiro código certo.';
comment on column public.fatores.ultimo_passo is 'O passo de 30 segundos do último código aceito: um código serve uma vez, e nenhum anterior a ele serve.';
call interno.isolar_tabela('public.fatores');

create table public.fatores_reservas (
    cliente_id uuid not null,
    fator_id uuid not null,
    codigo_hash bytea not null constraint fatores_reservas_codigo_hash_check check (octet_length(codigo_hash) = 32),
    usada_em timestamptz,
    constraint fatores_reservas_pkey primary key (cliente_id, fator_id, codigo_hash),
    constraint fatores_reservas_cliente_id_fator_id_fkey
    foreign key (cliente_id, fator_id) references public.fatores (cliente_id, id) on delete cascade
);
comment on table public.fatores_reservas is 'Códigos de reserva de um segundo fator: só o sha256 de cada um, de 80 bits; cada um serve uma vez.';
call interno.isolar_tabela('public.fatores_reservas');

create table public.logins_pendentes (
    cliente_id uuid not null,
    segredo_hash bytea not null constraint logins_pendentes_segredo_hash_check check (octet_length(segredo_hash) = 32),
    usuario_id uuid not null,
    senha_prova bytea not null constraint logins_pendentes_senha_prova_check check (octet_length(senha_prova) = 32),
    expira_em timestamptz not null,
    constraint logins_pendentes_pkey primary key (cliente_id, segredo_hash),
    constraint logins_pendentes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
create index logins_pendentes_usuario_id_idx on public.logins_pendentes (cliente_id, usuario_id, expira_em);
comment on table public.logins_pendentes is
'Quem já acertou a senha num navegador e ainda deve o código: só o sha256 do segredo do cookie. Vale poucos minutos, uma vez, e só enquanto a senha for a mesma.';
comment on column public.logins_pendentes.senha_prova is 'sha256 do hash da senha que conferiu: trocada a senha, não vale mais.';
call interno.isolar_tabela('public.logins_pendentes');

alter table public.sessoes
add column fator text constraint sessoes_fator_check check (fator in ('CODIGO', 'RESERVA'));
comment on column public.sessoes.fator is 'Com que prova do segundo fator foi aberta; nulo: a pessoa não o tinha.';

create function interno.tg_sessoes__fator() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _030_fator after insert on public.sessoes
for each row when (new.fator is null) execute function interno.tg_sessoes__fator();

-- it gains the proof of the second factor: the one without it would open a session without asking
drop function if exists api.login_concluir(text, inet, boolean, text, bytea, bytea, text, text);
