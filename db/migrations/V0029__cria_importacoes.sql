/* pgmigrate-encoding: utf-8 */
-- An import that people follow: the rows of a file wait here, are judged, and then written batch by batch by the queue.

insert into public.permissoes (codigo, descricao) values
('contatos:exportar', 'Exportar contatos para um CSV');
do $perfis$
declare
    r_cliente record;
begin
    -- who may bring everybody in may take everybody out
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
        select p.cliente_id, p.perfil_id, 'contatos:exportar'
        from public.perfis_permissoes as p
        where p.cliente_id = r_cliente.id and p.permissao = 'contatos:importar'
        on conflict do nothing;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$perfis$;

create table public.importacoes (
    cliente_id uuid not null constraint importacoes_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    usuario_id uuid not null,
    arquivo text not null constraint importacoes_arquivo_check check (char_length(arquivo) between 1 and 200),
    codificacao text not null constraint importacoes_codificacao_check check (codificacao in ('utf-8', 'cp1252')),
    delimitador text not null constraint importacoes_delimitador_check check (char_length(delimitador) = 1),
    colunas text[] not null constraint importacoes_colunas_check check (cardinality(colunas) between 1 and 50),
    amostra jsonb not null default '[]'
    constraint importacoes_amostra_check check (jsonb_typeof(amostra) = 'array' and pg_column_size(amostra) < 131072),
    destinos text[] constraint importacoes_destinos_check check (cardinality(destinos) between 1 and 50),
    modo text not null default 'IGNORAR' constraint importacoes_modo_check check (modo in ('IGNORAR', 'ATUALIZAR')),
    etiqueta_ids uuid[] not null default '{}' constraint importacoes_etiqueta_ids_check check (cardinality(etiqueta_ids) <= 50),
    consentimento_prova text
    constraint importacoes_consentimento_prova_check check (char_length(consentimento_prova) between 3 and 1000),
    status text not null default 'RECEBENDO' constraint importacoes_status_check check (status in (
        'RECEBENDO', 'MAPEAR', 'LENDO', 'CONFERIDA', 'EM_ANDAMENTO', 'CONCLUIDA', 'CANCELADA', 'FALHOU'
    )),
    status_motivo text constraint importacoes_status_motivo_check check (char_length(status_motivo) <= 300),
    total integer not null default 0 constraint importacoes_total_check check (total between 0 and 200000),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    iniciada_em timestamptz,
    concluida_em timestamptz,
    constraint importacoes_pkey primary key (cliente_id, id),
    constraint importacoes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id)
);
create index importacoes_usuario_id_idx on public.importacoes (cliente_id, usuario_id, id desc);
comment on table public.importacoes is 'Cada CSV de contatos que alguém mandou: o que se achou nele, para onde vai cada coluna (destinos: telefone, nome, email, etiquetas, campo ou vazio) e em que pé está.';
comment on constraint importacoes_consentimento_prova_check on public.importacoes is 'ZRC07: a declaração de consentimento tem de 3 a 1000 caracteres';
call interno.isolar_tabela('public.importacoes');
insert into public.transicoes (maquina, de, para) values
('importacoes', 'RECEBENDO', 'MAPEAR'), ('importacoes', 'MAPEAR', 'LENDO'), ('importacoes', 'LENDO', 'CONFERIDA'),
('importacoes', 'CONFERIDA', 'LENDO'), ('importacoes', 'CONFERIDA', 'EM_ANDAMENTO'), ('importacoes', 'EM_ANDAMENTO', 'CONCLUIDA'),
('importacoes', 'EM_ANDAMENTO', 'CANCELADA'), ('importacoes', 'EM_ANDAMENTO', 'FALHOU');
create trigger _010_transicao before update of status on public.importacoes for each row execute function interno.tg_transicao();
create trigger _020_atualizado before update on public.importacoes for each row execute function interno.tg_atualizado();

create table public.importacoes_lotes (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    importacao_id uuid not null,
    ordem integer not null constraint importacoes_lotes_ordem_check check (ordem between 1 and 1000),
    cruas jsonb
    constraint importacoes_lotes_cruas_check check (jsonb_typeof(cruas) = 'array' and pg_column_size(cruas) < 67108864),
    lidas jsonb
    constraint importacoes_lotes_lidas_check check (jsonb_typeof(lidas) = 'array' and pg_column_size(lidas) < 67108864),
    recusadas jsonb not null default '[]'
    constraint importacoes_lotes_recusadas_check check (jsonb_typeof(recusadas) = 'array' and pg_column_size(recusadas) < 67108864),
    motivos jsonb not null default '{}'
    constraint importacoes_lotes_motivos_check check (jsonb_typeof(motivos) = 'object' and pg_column_size(motivos) < 4096),
    quantas integer not null,
    existentes integer not null default 0,
    totais jsonb
    constraint importacoes_lotes_totais_check check (jsonb_typeof(totais) = 'object' and pg_column_size(totais) < 1024),
    lida_em timestamptz,
    feito_em timestamptz,
    constraint importacoes_lotes_pkey primary key (cliente_id, id),
    constraint importacoes_lotes_cliente_id_importacao_id_ordem_key unique (cliente_id, importacao_id, ordem),
    constraint importacoes_lotes_cliente_id_importacao_id_fkey
    foreign key (cliente_id, importacao_id) references public.importacoes (cliente_id, id) on delete cascade
);
comment on table public.importacoes_lotes is 'As linhas de uma importação, até duas mil por lote. cruas: as células, como vieram; lidas: mapeadas e prontas para entrar; recusadas: as que não entram, com o motivo, para o arquivo de erros. cruas e lidas somem quando o lote entra.';
call interno.isolar_tabela('public.importacoes_lotes');

call interno.eventos_seguir('public.importacoes', 'importacao_mudou', 'id');
insert into public.eventos_tipos (tipo, namespaces, parte, alvo) values ('importacao_mudou', '{}', null, null);

insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('contatos_importar', 'Importação de contatos', 'importacoes', 'FILA', null);
do $tipos$
begin
    -- the catalogue says which kinds there are: no migration has to know those of the others
    execute format(
        'alter table public.fila drop constraint fila_tipo_check, add constraint fila_tipo_check check (tipo in (%s)) not valid',
        (select string_agg(quote_literal(t.tipo), ', ' order by t.tipo) from public.fila_tipos as t)
    );
end
$tipos$;
call interno.restricao_validar('public.fila', 'fila_tipo_check');
