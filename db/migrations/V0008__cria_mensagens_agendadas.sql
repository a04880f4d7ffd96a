/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Scheduled messages, and what a conversation remembers of reading, typing and quotations.

create table public.mensagens_agendadas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    contato_id uuid not null,
    conexao_id uuid not null,
    tipo text not null constraint mensagens_agendadas_tipo_check check (tipo ~ '^[A-Z_]{3,30}$'),
    conteudo jsonb not null
    constraint mensagens_agendadas_conteudo_check check (jsonb_typeof(conteudo) = 'object' and pg_column_size(conteudo) < 65536),
    local_em text not null
    constraint mensagens_agendadas_local_em_check check (local_em ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$'),
    fuso text not null constraint mensagens_agendadas_fuso_check check (char_length(fuso) between 1 and 60),
    enviar_em timestamptz not null,
    cancelar_se_responder boolean not null default false,
    recorrencia text not null default 'NENHUMA'
    constraint mensagens_agendadas_recorrencia_check check (recorrencia in ('NENHUMA', 'DIARIA', 'SEMANAL', 'MENSAL')),
    ate timestamptz,
    serie_id uuid not null,
    numero integer not null default 0 constraint mensagens_agendadas_numero_check check (numero between 0 and 100000),
    status text not null default 'AGENDADA'
    constraint mensagens_agendadas_status_check check (status in ('AGENDADA', 'DISPARADA', 'CANCELADA', 'FALHOU')),
    motivo text constraint mensagens_agendadas_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    motivo_texto text constraint mensagens_agendadas_motivo_texto_check check (char_length(motivo_texto) <= 300),
    mensagem_id uuid,
    criado_por uuid not null,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint mensagens_agendadas_pkey primary key (cliente_id, id),
    constraint mensagens_agendadas_serie_key unique (cliente_id, serie_id, numero),
    constraint mensagens_agendadas_motivo_presente_check check (status not in ('CANCELADA', 'FALHOU') or motivo is not null),
    constraint mensagens_agendadas_disparada_check check (status <> 'DISPARADA' or mensagem_id is not null),
    constraint mensagens_agendadas_ate_check check (ate is null or recorrencia <> 'NENHUMA'),
    constraint mensagens_agendadas_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id),
    constraint mensagens_agendadas_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint mensagens_agendadas_cliente_id_mensagem_id_fkey
    foreign key (cliente_id, mensagem_id) references public.mensagens (cliente_id, id),
    constraint mensagens_agendadas_cliente_id_criado_por_fkey
    foreign key (cliente_id, criado_por) references public.usuarios (cliente_id, id)
);
create index mensagens_agendadas_contato_id_idx on public.mensagens_agendadas (cliente_id, contato_id, conexao_id, status);
create index mensagens_agendadas_conexao_id_idx on public.mensagens_agendadas (cliente_id, conexao_id);
create index mensagens_agendadas_status_idx on public.mensagens_agendadas (cliente_id, status, id);
create unique index mensagens_agendadas_mensagem_id_idx on public.mensagens_agendadas (cliente_id, mensagem_id);
create index mensagens_agendadas_criado_por_idx on public.mensagens_agendadas (cliente_id, criado_por);
comment on table public.mensagens_agendadas is
'Mensagens com hora marcada. local_em e fuso guardam a hora do relógio de quem marcou; enviar_em é o instante que ela dá, e cada repetição é uma linha nova da mesma série, contada da primeira: o horário de verão não a desloca.';
comment on column public.mensagens_agendadas.local_em is 'Hora local da primeira da série; a repetição de número n é esta mais n dias, semanas ou meses.';
call interno.isolar_tabela('public.mensagens_agendadas');
insert into public.transicoes (maquina, de, para) values
('mensagens_agendadas', 'AGENDADA', 'DISPARADA'), ('mensagens_agendadas', 'AGENDADA', 'CANCELADA'),
('mensagens_agendadas', 'AGENDADA', 'FALHOU');
create trigger _010_transicao before update of status on public.mensagens_agendadas for each row execute function interno.tg_transicao();
create trigger _020_atualizado before update on public.mensagens_agendadas for each row execute function interno.tg_atualizado();

alter table public.mensagens
add column contexto_id_externo text
constraint mensagens_contexto_id_externo_check check (char_length(contexto_id_externo) between 1 and 300);
create index mensagens_contexto_pendente_idx on public.mensagens (cliente_id, conexao_id, contexto_id_externo)
where contexto_id is null and contexto_id_externo is not null;
create index mensagens_conversa_id_ocorrido_em_idx on public.mensagens (cliente_id, conversa_id, ocorrido_em desc, id desc);
comment on column public.mensagens.contexto_id_externo is
'Como o provedor chama a mensagem citada; contexto_id vem quando ela está guardada, antes ou depois desta.';

alter table public.consentimentos add column ocorrido_em timestamptz not null default now();
comment on column public.consentimentos.ocorrido_em is
'Quando a pessoa disse, pela hora do provedor; uma concessão anterior a uma recusa já conhecida não a desfaz.';

-- a message that arrives is not an edit: it must not make somebody's open form stale
drop trigger _020_atualizado on public.conversas;
create trigger _020_atualizado before update of status, usuario_id, equipe_id, controle on public.conversas
for each row execute function interno.tg_atualizado();
alter table public.conversas
add column leitura_mensagem_id uuid,
add column digitando_em timestamptz;
create index conversas_ultima_mensagem_em_idx on public.conversas (cliente_id, ultima_mensagem_em desc, id desc);
comment on column public.conversas.leitura_mensagem_id is 'A última mensagem recebida cuja leitura se contou ao provedor: uma vez só por mensagem.';
comment on column public.conversas.digitando_em is 'Quando se mostrou por último, à pessoa, que alguém digita.';
