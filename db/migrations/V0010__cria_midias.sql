/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, adding-not-nullable-field, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are new, or rewritten while the product is stopped)
-- Media: what people send and receive besides text. The bytes are in the storage, under the tenant and the sha256.

create table public.midias_tipos (
    tipo text not null constraint midias_tipos_tipo_check check (tipo in ('IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO', 'FIGURINHA')),
    mime text not null constraint midias_tipos_mime_check check (char_length(mime) <= 100 and mime ~ '^[a-z]+/[a-z0-9.+-]+$'),
    variante text not null default '' constraint midias_tipos_variante_check check (variante in ('', 'ANIMADA')),
    tamanho_maximo integer not null constraint midias_tipos_tamanho_maximo_check check (tamanho_maximo between 1 and 104857600),
    padrao boolean not null,
    constraint midias_tipos_pkey primary key (tipo, mime, variante)
);
create unique index midias_tipos_padrao_idx on public.midias_tipos (mime, variante) where padrao;
comment on table public.midias_tipos is
'O que se aceita enviar: tipo de mensagem, conteúdo (descoberto pelos bytes) e tamanho máximo. padrao = o tipo que o conteúdo ganha quando ninguém escolhe.';
insert into public.midias_tipos (tipo, mime, variante, tamanho_maximo, padrao) values
('IMAGEM', 'image/jpeg', '', 5242880, true), ('IMAGEM', 'image/png', '', 5242880, true),
('VIDEO', 'video/mp4', '', 16777216, true), ('VIDEO', 'video/3gpp', '', 16777216, true),
('AUDIO', 'audio/aac', '', 16777216, true), ('AUDIO', 'audio/amr', '', 16777216, true), ('AUDIO', 'audio/mpeg', '', 16777216, true),
('AUDIO', 'audio/mp4', '', 16777216, true), ('AUDIO', 'audio/ogg', '', 16777216, true),
('FIGURINHA', 'image/webp', '', 102400, true), ('FIGURINHA', 'image/webp', 'ANIMADA', 512000, true),
('DOCUMENTO', 'text/plain', '', 104857600, true), ('DOCUMENTO', 'application/pdf', '', 104857600, true),
('DOCUMENTO', 'application/msword', '', 104857600, true),
('DOCUMENTO', 'application/vnd.ms-excel', '', 104857600, true),
('DOCUMENTO', 'application/vnd.ms-powerpoint', '', 104857600, true),
('DOCUMENTO', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', '', 104857600, true),
('DOCUMENTO', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '', 104857600, true),
('DOCUMENTO', 'application/vnd.openxmlformats-officedocument.presentationml.presentation', '', 104857600, true),
-- the provider checks the size of what its own type says, also when it travels as a document
('DOCUMENTO', 'image/jpeg', '', 5242880, false), ('DOCUMENTO', 'image/png', '', 5242880, false),
('DOCUMENTO', 'video/mp4', '', 16777216, false), ('DOCUMENTO', 'video/3gpp', '', 16777216, false),
('DOCUMENTO', 'audio/mpeg', '', 16777216, false), ('DOCUMENTO', 'audio/mp4', '', 16777216, false),
('DOCUMENTO', 'audio/ogg', '', 16777216, false), ('DOCUMENTO', 'audio/aac', '', 16777216, false),
('DOCUMENTO', 'audio/amr', '', 16777216, false);

create table public.midias (
    cliente_id uuid not null constraint midias_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    origem text not null constraint midias_origem_check check (origem in ('ENVIADA', 'RECEBIDA')),
    tipo text not null constraint midias_tipo_check check (tipo in ('IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO', 'FIGURINHA')),
    status text not null constraint midias_status_check check (status in ('PENDENTE', 'DISPONIVEL', 'FALHOU', 'EXPIRADA')),
    motivo text constraint midias_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    erro_texto text constraint midias_erro_texto_check check (char_length(erro_texto) <= 500),
    sha256 text constraint midias_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    tamanho bigint constraint midias_tamanho_check check (tamanho between 0 and 104857600),
    mime text constraint midias_mime_check check (char_length(mime) between 3 and 150),
    nome text constraint midias_nome_check check (char_length(nome) between 1 and 240 and nome !~ '[[:cntrl:]/\\]'),
    conexao_id uuid,
    id_externo text constraint midias_id_externo_check check (char_length(id_externo) between 1 and 300),
    sha256_informado text constraint midias_sha256_informado_check check (char_length(sha256_informado) <= 100),
    expira_em timestamptz,
    tentativas smallint not null default 0,
    criado_por uuid,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint midias_pkey primary key (cliente_id, id),
    constraint midias_disponivel_check check (status <> 'DISPONIVEL' or num_nulls(sha256, tamanho, mime) = 0),
    constraint midias_motivo_presente_check check (status not in ('FALHOU', 'EXPIRADA') or motivo is not null),
    constraint midias_recebida_check check (origem <> 'RECEBIDA' or num_nulls(conexao_id, id_externo, expira_em) = 0),
    constraint midias_enviada_check check (origem <> 'ENVIADA' or status = 'DISPONIVEL'),
    constraint midias_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint midias_cliente_id_criado_por_fkey
    foreign key (cliente_id, criado_por) references public.usuarios (cliente_id, id)
);
create unique index midias_conteudo_idx on public.midias (cliente_id, sha256, tipo) where origem = 'ENVIADA';
create unique index midias_id_externo_idx on public.midias (cliente_id, conexao_id, id_externo);
create index midias_sha256_idx on public.midias (cliente_id, sha256);
create index midias_criado_por_idx on public.midias (cliente_id, criado_por);
comment on table public.midias is
'Mídias enviadas e recebidas. O conteúdo fica no armazém, uma vez por cliente e sha256; o mesmo conteúdo enviado de novo é a mesma linha. Recebida: PENDENTE até ser baixada do provedor, que a guarda até expira_em.';
comment on column public.midias.sha256_informado is 'O que o provedor disse (hexadecimal ou base64); o baixado precisa conferir.';
comment on constraint midias_nome_check on public.midias is 'ZRD01: o nome do arquivo não é aceito';
comment on index public.midias_conteudo_idx is 'ZCD01: esta mídia já existe';
call interno.isolar_tabela('public.midias');
insert into public.transicoes (maquina, de, para) values
('midias', 'PENDENTE', 'DISPONIVEL'), ('midias', 'PENDENTE', 'FALHOU'), ('midias', 'PENDENTE', 'EXPIRADA'),
('midias', 'FALHOU', 'PENDENTE');
create trigger _010_transicao before update of status on public.midias for each row execute function interno.tg_transicao();

create table public.midias_provedor (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    midia_id uuid not null,
    conexao_id uuid not null,
    status text not null default 'PENDENTE'
    constraint midias_provedor_status_check check (status in ('PENDENTE', 'DISPONIVEL', 'FALHOU')),
    motivo text constraint midias_provedor_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    erro_codigo integer,
    erro_texto text constraint midias_provedor_erro_texto_check check (char_length(erro_texto) <= 500),
    id_externo text constraint midias_provedor_id_externo_check check (char_length(id_externo) between 1 and 300),
    expira_em timestamptz,
    tentativas smallint not null default 0,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint midias_provedor_pkey primary key (cliente_id, id),
    constraint midias_provedor_disponivel_check check ((status = 'DISPONIVEL') = (num_nulls(id_externo, expira_em) = 0)),
    constraint midias_provedor_motivo_presente_check check (status <> 'FALHOU' or motivo is not null),
    constraint midias_provedor_cliente_id_midia_id_fkey
    foreign key (cliente_id, midia_id) references public.midias (cliente_id, id),
    constraint midias_provedor_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
);
create unique index midias_provedor_midia_id_idx on public.midias_provedor (cliente_id, conexao_id, midia_id);
create index midias_provedor_midia_idx on public.midias_provedor (cliente_id, midia_id);
comment on table public.midias_provedor is
'Mídia entregue ao provedor de uma conexão, para ser citada por id_externo até expira_em; enviada uma vez por conexão.';
call interno.isolar_tabela('public.midias_provedor');
insert into public.transicoes (maquina, de, para) values
('midias_provedor', 'PENDENTE', 'DISPONIVEL'), ('midias_provedor', 'PENDENTE', 'FALHOU'),
('midias_provedor', 'DISPONIVEL', 'PENDENTE'), ('midias_provedor', 'FALHOU', 'PENDENTE');
create trigger _010_transicao before update of status on public.midias_provedor for each row execute function interno.tg_transicao();

alter table public.mensagens
add column midia_id uuid generated always as ((coalesce(conteudo ->> 'midiaId', conteudo #>> '{cabecalho,midiaId}'))::uuid) stored,
add constraint mensagens_cliente_id_midia_id_fkey
foreign key (cliente_id, midia_id) references public.midias (cliente_id, id) not valid;
call interno.restricao_validar('public.mensagens', 'mensagens_cliente_id_midia_id_fkey');
create index mensagens_midia_id_idx on public.mensagens (cliente_id, midia_id) where midia_id is not null;
comment on column public.mensagens.midia_id is 'A mídia que o conteúdo cita (midiaId, ou a do cabeçalho): existe, e é do mesmo cliente.';
comment on constraint mensagens_cliente_id_midia_id_fkey on public.mensagens is 'ZND01: mídia não encontrada';
