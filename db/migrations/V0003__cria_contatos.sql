/* pgmigrate-encoding: utf-8 */
-- Connections to providers, message templates, contacts with their identities, tags and consent.

create table public.conexoes (
    cliente_id uuid not null constraint conexoes_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    nome text not null constraint conexoes_nome_check check (char_length(nome) between 2 and 80),
    canal text not null constraint conexoes_canal_check check (canal in ('WHATSAPP')),
    provedor text not null constraint conexoes_provedor_check check (provedor in ('META_API', 'UAIZAP')),
    status text not null default 'ATIVA'
    constraint conexoes_status_check check (status in ('ATIVA', 'PAUSADA', 'ERRO', 'DESATIVADA')),
    status_motivo text constraint conexoes_status_motivo_check check (char_length(status_motivo) <= 300),
    suspensa_ate timestamptz,
    falhas_seguidas smallint not null default 0,
    numero_id_externo text constraint conexoes_numero_id_externo_check check (numero_id_externo ~ '^[0-9]{5,30}$'),
    conta_id_externa text constraint conexoes_conta_id_externa_check check (conta_id_externa ~ '^[0-9]{5,30}$'),
    numero_exibicao text constraint conexoes_numero_exibicao_check check (char_length(numero_exibicao) <= 30),
    credenciais bytea not null constraint conexoes_credenciais_check check (octet_length(credenciais) between 30 and 8192),
    verificacao_hash bytea constraint conexoes_verificacao_hash_check check (octet_length(verificacao_hash) = 32),
    segredo_impressao bytea constraint conexoes_segredo_impressao_check check (octet_length(segredo_impressao) = 32),
    teto_por_segundo integer not null default 80 constraint conexoes_teto_por_segundo_check check (teto_por_segundo between 15 and 1000),
    qualidade text not null default 'UNKNOWN' constraint conexoes_qualidade_check check (qualidade in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    removido_em timestamptz,
    constraint conexoes_pkey primary key (cliente_id, id)
);
create unique index conexoes_nome_idx on public.conexoes (cliente_id, nome) where removido_em is null;
-- one WhatsApp number belongs to one tenant: an incoming webhook must never have two candidates
create unique index conexoes_numero_id_externo_idx on public.conexoes (numero_id_externo) where removido_em is null;
create index conexoes_conta_id_externa_idx on public.conexoes (conta_id_externa) where removido_em is null;
create index conexoes_verificacao_hash_idx on public.conexoes (verificacao_hash) where removido_em is null;
create index conexoes_segredo_impressao_idx on public.conexoes (segredo_impressao) where removido_em is null;
comment on table public.conexoes is 'Números conectados a um provedor. credenciais: AEAD feito na borda (com a chave fora do banco); verificacao_hash = sha256 do verifyToken; segredo_impressao = HMAC do appSecret, só para agrupar.';
comment on index public.conexoes_nome_idx is 'ZCX01: já existe uma conexão com este nome';
comment on index public.conexoes_numero_id_externo_idx is 'ZCX02: este número já está conectado';
call interno.isolar_tabela('public.conexoes', 'crm_porta');
insert into public.transicoes (maquina, de, para) values
('conexoes', 'ATIVA', 'PAUSADA'), ('conexoes', 'ATIVA', 'ERRO'), ('conexoes', 'ATIVA', 'DESATIVADA'),
('conexoes', 'PAUSADA', 'ATIVA'), ('conexoes', 'PAUSADA', 'ERRO'), ('conexoes', 'PAUSADA', 'DESATIVADA'),
('conexoes', 'ERRO', 'ATIVA'), ('conexoes', 'ERRO', 'DESATIVADA'),
('conexoes', 'DESATIVADA', 'ATIVA');
create trigger _010_transicao before update of status on public.conexoes for each row execute function interno.tg_transicao();
-- a suspension by the limiter is not an edit: it must not make somebody's open form stale
create trigger _020_atualizado before update of
    nome, status, credenciais, numero_id_externo, conta_id_externa, teto_por_segundo, removido_em
on public.conexoes for each row execute function interno.tg_atualizado();

create table public.modelos (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conexao_id uuid not null,
    id_externo text not null constraint modelos_id_externo_check check (char_length(id_externo) between 1 and 64),
    nome text not null constraint modelos_nome_check check (nome ~ '^[a-z0-9_]+$' and char_length(nome) <= 512),
    idioma text not null constraint modelos_idioma_check check (char_length(idioma) between 2 and 12),
    categoria text not null constraint modelos_categoria_check check (categoria in ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
    status text not null constraint modelos_status_check check (status ~ '^[A-Z_]{3,30}$'),
    formato text not null default 'POSITIONAL' constraint modelos_formato_check check (formato in ('POSITIONAL', 'NAMED')),
    componentes jsonb not null
    constraint modelos_componentes_check check (jsonb_typeof(componentes) = 'array' and pg_column_size(componentes) < 65536),
    variaveis text[] not null default '{}' constraint modelos_variaveis_check check (cardinality(variaveis) <= 60),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint modelos_pkey primary key (cliente_id, id),
    constraint modelos_cliente_id_conexao_id_nome_idioma_key unique (cliente_id, conexao_id, nome, idioma),
    constraint modelos_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
);
comment on table public.modelos is 'Modelos aprovados pela Meta, guardados como ela os mandou. variaveis: as chaves que um envio precisa preencher, na ordem (corpo: "1" ou "nome"; cabeçalho: "cabecalho.1"; botão: "botao.0").';
call interno.isolar_tabela('public.modelos');
create trigger _020_atualizado before update on public.modelos for each row execute function interno.tg_atualizado();

create table public.contatos (
    cliente_id uuid not null constraint contatos_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    nome text not null constraint contatos_nome_check check (char_length(nome) between 1 and 200),
    nome_busca text not null generated always as (interno.texto_busca(nome)) stored
    constraint contatos_nome_busca_check check (char_length(nome_busca) <= 800),
    telefone text constraint contatos_telefone_check check (telefone ~ '^\+[1-9][0-9]{7,14}$'),
    telefone_informado text constraint contatos_telefone_informado_check check (char_length(telefone_informado) <= 60),
    email text constraint contatos_email_check check (char_length(email) <= 250),
    campos jsonb not null default '{}'
    constraint contatos_campos_check check (jsonb_typeof(campos) = 'object' and pg_column_size(campos) < 8192),
    marketing text not null default 'NAO_INFORMADO'
    constraint contatos_marketing_check check (marketing in ('NAO_INFORMADO', 'CONCEDIDO', 'REVOGADO')),
    bloqueado boolean not null default false,
    sem_whatsapp_em timestamptz,
    responsavel_id uuid,
    equipe_id uuid,
    origem text not null default 'MANUAL' constraint contatos_origem_check check (origem in ('MANUAL', 'IMPORTACAO', 'WHATSAPP', 'API')),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    removido_em timestamptz,
    constraint contatos_pkey primary key (cliente_id, id),
    constraint contatos_cliente_id_responsavel_id_fkey
    foreign key (cliente_id, responsavel_id) references public.usuarios (cliente_id, id),
    constraint contatos_cliente_id_equipe_id_fkey
    foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id)
);
create unique index contatos_cliente_id_telefone_idx on public.contatos (cliente_id, telefone) where removido_em is null;
create index contatos_nome_idx on public.contatos using gin (cliente_id, nome_busca public.gin_trgm_ops);
create index contatos_telefone_idx on public.contatos using gin (cliente_id, telefone public.gin_trgm_ops);
create index contatos_responsavel_id_idx on public.contatos (cliente_id, responsavel_id, id);
create index contatos_equipe_id_idx on public.contatos (cliente_id, equipe_id, id);
-- the rare values are what people filter by; the common one is found by walking the primary key
create index contatos_marketing_idx on public.contatos (cliente_id, marketing, id) where marketing <> 'NAO_INFORMADO';
create index contatos_bloqueado_idx on public.contatos (cliente_id, id) where bloqueado;
comment on table public.contatos is 'Pessoas com quem o cliente fala. telefone: E.164 canônico (com o nono dígito); telefone_informado: o que foi digitado; marketing: resumo de consentimentos, mantido por gatilho.';
comment on index public.contatos_cliente_id_telefone_idx is 'ZCC01: já existe contato com este telefone';
comment on constraint contatos_cliente_id_responsavel_id_fkey on public.contatos is 'ZNI02: usuário não encontrado';
comment on constraint contatos_cliente_id_equipe_id_fkey on public.contatos is 'ZNI04: equipe não encontrada';
call interno.isolar_tabela('public.contatos');
create policy contatos_busca on public.contatos for select to crm_busca using (true);
create trigger _020_atualizado before update on public.contatos for each row execute function interno.tg_atualizado();

create table public.contatos_totais (
    cliente_id uuid not null
    constraint contatos_totais_pkey primary key
    constraint contatos_totais_cliente_id_fkey references public.clientes (id),
    total integer not null constraint contatos_totais_total_check check (total >= 0)
);
comment on table public.contatos_totais is 'Quantos contatos não removidos cada cliente tem, mantido por gatilho: o limite do plano não pode custar uma contagem.';
call interno.isolar_tabela('public.contatos_totais');

create table public.contatos_identidades (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    contato_id uuid not null,
    tipo text not null constraint contatos_identidades_tipo_check check (tipo in ('E164', 'WA_ID', 'BSUID', 'JID', 'LID')),
    valor text not null constraint contatos_identidades_valor_check check (char_length(valor) between 1 and 160),
    criado_em timestamptz not null default now(),
    constraint contatos_identidades_pkey primary key (cliente_id, id),
    constraint contatos_identidades_cliente_id_tipo_valor_key unique (cliente_id, tipo, valor),
    constraint contatos_identidades_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id) on delete cascade
);
create index contatos_identidades_contato_id_idx on public.contatos_identidades (cliente_id, contato_id);
comment on table public.contatos_identidades is 'Como os provedores chamam a mesma pessoa: telefone canônico, wa_id (às vezes sem o nono dígito), BSUID, JID, LID.';
call interno.isolar_tabela('public.contatos_identidades');

create table public.etiquetas (
    cliente_id uuid not null constraint etiquetas_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    nome text not null constraint etiquetas_nome_check check (char_length(nome) between 1 and 60),
    cor text not null default '#64748b' constraint etiquetas_cor_check check (cor ~ '^#[0-9a-f]{6}$'),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint etiquetas_pkey primary key (cliente_id, id),
    constraint etiquetas_cliente_id_nome_key unique (cliente_id, nome)
);
comment on table public.etiquetas is 'Etiquetas de contatos.';
comment on constraint etiquetas_cliente_id_nome_key on public.etiquetas is 'ZCE01: já existe uma etiqueta com este nome';
call interno.isolar_tabela('public.etiquetas');
create trigger _020_atualizado before update on public.etiquetas for each row execute function interno.tg_atualizado();

create table public.contatos_etiquetas (
    cliente_id uuid not null,
    contato_id uuid not null,
    etiqueta_id uuid not null,
    constraint contatos_etiquetas_pkey primary key (cliente_id, contato_id, etiqueta_id),
    constraint contatos_etiquetas_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id) on delete cascade,
    constraint contatos_etiquetas_cliente_id_etiqueta_id_fkey
    foreign key (cliente_id, etiqueta_id) references public.etiquetas (cliente_id, id) on delete cascade
);
create index contatos_etiquetas_etiqueta_id_idx on public.contatos_etiquetas (cliente_id, etiqueta_id, contato_id);
comment on table public.contatos_etiquetas is 'Que etiquetas cada contato tem.';
comment on constraint contatos_etiquetas_cliente_id_contato_id_fkey on public.contatos_etiquetas is 'ZNC01: contato não encontrado';
comment on constraint contatos_etiquetas_cliente_id_etiqueta_id_fkey on public.contatos_etiquetas is 'ZNE01: etiqueta não encontrada';
call interno.isolar_tabela('public.contatos_etiquetas');

create table public.consentimentos (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    contato_id uuid not null,
    finalidade text not null constraint consentimentos_finalidade_check check (finalidade in ('MARKETING')),
    acao text not null constraint consentimentos_acao_check check (acao in ('CONCEDIDO', 'REVOGADO')),
    origem text not null constraint consentimentos_origem_check check (origem in ('FORMULARIO', 'ATENDENTE', 'IMPORTACAO', 'WHATSAPP', 'PROVEDOR', 'API')),
    prova text not null constraint consentimentos_prova_check check (char_length(prova) between 3 and 1000),
    registrado_por uuid,
    registrado_em timestamptz not null default now(),
    constraint consentimentos_pkey primary key (cliente_id, id),
    constraint consentimentos_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id) on delete cascade,
    constraint consentimentos_cliente_id_registrado_por_fkey
    foreign key (cliente_id, registrado_por) references public.usuarios (cliente_id, id)
);
create index consentimentos_contato_id_idx on public.consentimentos (cliente_id, contato_id, id);
create index consentimentos_registrado_por_idx on public.consentimentos (cliente_id, registrado_por);
comment on table public.consentimentos is 'Livro de consentimentos: cada concessão e cada revogação com sua prova; só cresce.';
call interno.isolar_tabela('public.consentimentos');

create table public.supressoes (
    cliente_id uuid not null constraint supressoes_cliente_id_fkey references public.clientes (id),
    telefone_hash bytea not null constraint supressoes_telefone_hash_check check (octet_length(telefone_hash) = 32),
    criado_em timestamptz not null default now(),
    constraint supressoes_pkey primary key (cliente_id, telefone_hash)
);
comment on table public.supressoes is 'sha256 de cliente e telefone de quem recusou marketing: reimportar a pessoa não apaga a recusa.';
call interno.isolar_tabela('public.supressoes');

create function interno.tg_consentimentos__aplicar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_contatos__suprimir() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _010_imutavel before update on public.consentimentos
for each row execute function interno.tg_imutavel();
create trigger _020_aplicar after insert on public.consentimentos
for each row execute function interno.tg_consentimentos__aplicar();
create function interno.tg_contatos__contar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_contatos__descontar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _010_suprimir before insert or update of telefone on public.contatos
for each row execute function interno.tg_contatos__suprimir();
create trigger _030_contar after insert on public.contatos
referencing new table as novos for each statement execute function interno.tg_contatos__contar();
create trigger _040_descontar after update of removido_em on public.contatos
for each row when (old.removido_em is distinct from new.removido_em) execute function interno.tg_contatos__descontar();
