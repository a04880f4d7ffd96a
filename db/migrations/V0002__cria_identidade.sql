/* pgmigrate-encoding: utf-8 */
-- Plans, tenants, licences; who may enter and what each may do; audit, events and idempotency.

create table public.planos (
    id uuid default uuidv7() constraint planos_pkey primary key,
    codigo text not null constraint planos_codigo_key unique
    constraint planos_codigo_check check (codigo ~ '^[A-Z_]{3,30}$'),
    nome text not null constraint planos_nome_check check (char_length(nome) between 2 and 80),
    max_usuarios integer not null constraint planos_max_usuarios_check check (max_usuarios > 0),
    max_conexoes integer not null constraint planos_max_conexoes_check check (max_conexoes > 0),
    max_contatos integer not null constraint planos_max_contatos_check check (max_contatos > 0)
);
comment on table public.planos is 'Planos da plataforma e seus limites.';
insert into public.planos (codigo, nome, max_usuarios, max_conexoes, max_contatos) values
('ESSENCIAL', 'Essencial', 10, 2, 100000),
('EMPRESA', 'Empresa', 500, 50, 5000000);

create table public.clientes (
    id uuid default uuidv7() constraint clientes_pkey primary key,
    nome text not null constraint clientes_nome_check check (char_length(nome) between 2 and 120),
    plano_id uuid not null constraint clientes_plano_id_fkey references public.planos (id),
    ativo boolean not null default true,
    fuso text not null default 'America/Sao_Paulo' constraint clientes_fuso_check check (char_length(fuso) between 3 and 60),
    criado_em timestamptz not null default now()
);
create index clientes_plano_id_idx on public.clientes (plano_id);
comment on table public.clientes is 'Empresas clientes (tenants).';

create table public.licencas (
    cliente_id uuid not null constraint licencas_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    ip_servidor inet,
    ativo boolean not null default true,
    expira_em timestamptz,
    criado_em timestamptz not null default now(),
    constraint licencas_pkey primary key (cliente_id, id)
);
create index licencas_ip_servidor_ativo_idx on public.licencas (cliente_id, ip_servidor, ativo);
comment on table public.licencas is 'Licenças: o cliente só opera com uma ativa e não vencida.';
call interno.isolar_tabela('public.licencas');

create table public.perfis (
    cliente_id uuid not null constraint perfis_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    codigo text constraint perfis_codigo_check check (codigo in ('ADMINISTRADOR', 'SUPERVISOR', 'ATENDENTE')),
    nome text not null constraint perfis_nome_check check (char_length(nome) between 2 and 80),
    visibilidade text not null default 'PROPRIA'
    constraint perfis_visibilidade_check check (visibilidade in ('PROPRIA', 'EQUIPE', 'TODAS')),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint perfis_pkey primary key (cliente_id, id),
    constraint perfis_cliente_id_codigo_key unique (cliente_id, codigo),
    constraint perfis_cliente_id_nome_key unique (cliente_id, nome)
);
comment on table public.perfis is 'Perfis de acesso; os três com codigo vêm com o cliente e não são editáveis.';
comment on constraint perfis_cliente_id_nome_key on public.perfis is 'ZCI01: já existe um perfil com este nome';
call interno.isolar_tabela('public.perfis');

create table public.perfis_permissoes (
    cliente_id uuid not null,
    perfil_id uuid not null,
    permissao text not null
    constraint perfis_permissoes_permissao_fkey references public.permissoes (codigo)
    constraint perfis_permissoes_permissao_check check (char_length(permissao) <= 61),
    constraint perfis_permissoes_pkey primary key (cliente_id, perfil_id, permissao),
    constraint perfis_permissoes_cliente_id_perfil_id_fkey
    foreign key (cliente_id, perfil_id) references public.perfis (cliente_id, id) on delete cascade
);
create index perfis_permissoes_permissao_idx on public.perfis_permissoes (permissao);
comment on table public.perfis_permissoes is 'O que cada perfil permite.';
call interno.isolar_tabela('public.perfis_permissoes');

create table public.usuarios (
    cliente_id uuid not null constraint usuarios_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    perfil_id uuid not null,
    nome text not null constraint usuarios_nome_check check (char_length(nome) between 2 and 120),
    email text not null
    constraint usuarios_email_check check (email = lower(email) and email ~ '^[^@\s]{1,64}@[^@\s]{1,185}$'),
    ativo boolean not null default true,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint usuarios_pkey primary key (cliente_id, id),
    constraint usuarios_cliente_id_perfil_id_fkey
    foreign key (cliente_id, perfil_id) references public.perfis (cliente_id, id)
);
create unique index usuarios_email_idx on public.usuarios (cliente_id, email);
create index usuarios_cliente_id_ativo_idx on public.usuarios (cliente_id, ativo, id);
create index usuarios_perfil_id_idx on public.usuarios (cliente_id, perfil_id);
comment on table public.usuarios is 'Pessoas que entram no sistema em nome de um cliente.';
comment on constraint usuarios_email_check on public.usuarios is 'ZRI06: e-mail inválido';
comment on index public.usuarios_email_idx is 'ZCI02: já existe um usuário com este e-mail';
comment on constraint usuarios_cliente_id_perfil_id_fkey on public.usuarios is 'ZNI03: perfil não encontrado';
call interno.isolar_tabela('public.usuarios');

create table public.logins (
    email text constraint logins_pkey primary key constraint logins_email_check check (char_length(email) <= 250),
    cliente_id uuid not null,
    usuario_id uuid not null,
    senha_hash text not null constraint logins_senha_hash_check check (senha_hash like '$argon2id$%' and char_length(senha_hash) < 300),
    senha_trocada_em timestamptz not null default now(),
    constraint logins_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
create index logins_cliente_id_usuario_id_idx on public.logins (cliente_id, usuario_id);
comment on table public.logins is 'De e-mail para cliente, usuário e senha (argon2id, calculado fora do banco). Um e-mail entra em um só cliente.';
comment on constraint logins_pkey on public.logins is 'ZCI02: já existe um usuário com este e-mail';
call interno.isolar_tabela('public.logins', 'crm_porta');

create table public.tentativas_login (
    chave bytea constraint tentativas_login_pkey primary key constraint tentativas_login_chave_check check (octet_length(chave) = 32),
    tentativas integer not null,
    janela_desde timestamptz not null,
    bloqueada_ate timestamptz
);
create index tentativas_login_janela_desde_idx on public.tentativas_login (janela_desde);
comment on table public.tentativas_login is 'Contador atômico por conta e por origem (chave = sha256), lido antes de conferir a senha.';

create table public.equipes (
    cliente_id uuid not null constraint equipes_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    nome text not null constraint equipes_nome_check check (char_length(nome) between 2 and 80),
    ativo boolean not null default true,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint equipes_pkey primary key (cliente_id, id),
    constraint equipes_cliente_id_nome_key unique (cliente_id, nome)
);
comment on table public.equipes is 'Equipes de atendimento.';
comment on constraint equipes_cliente_id_nome_key on public.equipes is 'ZCI04: já existe uma equipe com este nome';
call interno.isolar_tabela('public.equipes');

create table public.equipes_membros (
    cliente_id uuid not null,
    equipe_id uuid not null,
    usuario_id uuid not null,
    constraint equipes_membros_pkey primary key (cliente_id, equipe_id, usuario_id),
    constraint equipes_membros_cliente_id_equipe_id_fkey
    foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id) on delete cascade,
    constraint equipes_membros_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
create index equipes_membros_usuario_id_idx on public.equipes_membros (cliente_id, usuario_id);
comment on table public.equipes_membros is 'Quem está em cada equipe.';
comment on constraint equipes_membros_cliente_id_usuario_id_fkey on public.equipes_membros is 'ZNI02: usuário não encontrado';
call interno.isolar_tabela('public.equipes_membros');

create table public.sessoes (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    usuario_id uuid not null,
    acesso_hash bytea not null constraint sessoes_acesso_hash_check check (octet_length(acesso_hash) = 32),
    acesso_expira_em timestamptz not null,
    renovacao_hash bytea not null constraint sessoes_renovacao_hash_check check (octet_length(renovacao_hash) = 32),
    renovacao_expira_em timestamptz not null,
    origem inet,
    agente text constraint sessoes_agente_check check (char_length(agente) <= 300),
    criada_em timestamptz not null default now(),
    renovada_em timestamptz not null default now(),
    revogada_em timestamptz,
    motivo text constraint sessoes_motivo_check check (motivo in (
        'SAIU', 'REVOGADA', 'REUSO', 'SENHA_TROCADA', 'USUARIO_DESATIVADO', 'ADMINISTRADOR'
    )),
    constraint sessoes_pkey primary key (cliente_id, id),
    constraint sessoes_cliente_id_acesso_hash_key unique (cliente_id, acesso_hash),
    constraint sessoes_cliente_id_renovacao_hash_key unique (cliente_id, renovacao_hash),
    constraint sessoes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
create index sessoes_usuario_id_idx on public.sessoes (cliente_id, usuario_id, criada_em desc);
comment on table public.sessoes is 'Sessões: só o sha256 dos segredos. Uma sessão é a família inteira de renovações.';
call interno.isolar_tabela('public.sessoes');

create table public.sessoes_renovacoes (
    cliente_id uuid not null,
    renovacao_hash bytea not null constraint sessoes_renovacoes_renovacao_hash_check check (octet_length(renovacao_hash) = 32),
    sessao_id uuid not null,
    usada_em timestamptz not null default now(),
    constraint sessoes_renovacoes_pkey primary key (cliente_id, renovacao_hash),
    constraint sessoes_renovacoes_cliente_id_sessao_id_fkey
    foreign key (cliente_id, sessao_id) references public.sessoes (cliente_id, id) on delete cascade
);
create index sessoes_renovacoes_sessao_id_idx on public.sessoes_renovacoes (cliente_id, sessao_id, usada_em);
comment on table public.sessoes_renovacoes is 'Renovações já usadas: apresentar uma delas de novo revoga a sessão.';
call interno.isolar_tabela('public.sessoes_renovacoes');

create table public.chaves_idempotencia (
    cliente_id uuid not null,
    usuario_id uuid not null,
    funcao text not null constraint chaves_idempotencia_funcao_check check (char_length(funcao) <= 63),
    chave text not null constraint chaves_idempotencia_chave_check check (char_length(chave) between 1 and 200),
    pedido_hash bytea not null constraint chaves_idempotencia_pedido_hash_check check (octet_length(pedido_hash) = 32),
    resposta jsonb
    constraint chaves_idempotencia_resposta_check check (jsonb_typeof(resposta) = 'object' and pg_column_size(resposta) < 1048576),
    criada_em timestamptz not null default now(),
    constraint chaves_idempotencia_pkey primary key (cliente_id, usuario_id, funcao, chave),
    constraint chaves_idempotencia_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
comment on table public.chaves_idempotencia is 'Idempotency-Key: o mesmo pedido repete a primeira resposta.';
call interno.isolar_tabela('public.chaves_idempotencia');

create table public.auditoria (
    cliente_id uuid not null constraint auditoria_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    usuario_id uuid,
    acao text not null constraint auditoria_acao_check check (acao ~ '^[a-z_]{3,60}$'),
    alvo_tipo text not null constraint auditoria_alvo_tipo_check check (alvo_tipo ~ '^[a-z_]{3,40}$'),
    alvo_id uuid,
    detalhe jsonb not null default '{}'
    constraint auditoria_detalhe_check check (jsonb_typeof(detalhe) = 'object' and pg_column_size(detalhe) < 16384),
    criado_em timestamptz not null default now(),
    constraint auditoria_pkey primary key (cliente_id, id)
);
create index auditoria_alvo_id_idx on public.auditoria (cliente_id, alvo_id, id);
comment on table public.auditoria is 'O que mudou e quem mudou; só cresce (usuario_id nulo = o próprio sistema).';
call interno.isolar_tabela('public.auditoria');
create trigger _010_imutavel before update or delete on public.auditoria
for each row execute function interno.tg_imutavel();

create table public.eventos (
    cliente_id uuid not null constraint eventos_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    transacao xid8 not null default pg_current_xact_id(),
    tipo text not null constraint eventos_tipo_check check (tipo ~ '^[a-z_]{3,40}$'),
    alvo_id uuid not null,
    criado_em timestamptz not null default now(),
    constraint eventos_pkey primary key (cliente_id, id)
);
comment on table public.eventos is 'Avisos de mudança (só ids); transacao permite ao leitor não pular um commit tardio.';
call interno.isolar_tabela('public.eventos');

create trigger _020_atualizado before update on public.perfis for each row execute function interno.tg_atualizado();
create trigger _020_atualizado before update on public.usuarios for each row execute function interno.tg_atualizado();
create trigger _020_atualizado before update on public.equipes for each row execute function interno.tg_atualizado();
