/* pgmigrate-encoding: utf-8 */
-- Conversations, campaigns, the queue and what providers tell us.

create table public.conversas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conexao_id uuid not null,
    contato_id uuid not null,
    usuario_id uuid,
    equipe_id uuid,
    status text not null default 'ABERTA'
    constraint conversas_status_check check (status in ('ABERTA', 'EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE', 'ADIADA', 'RESOLVIDA')),
    controle text not null default 'FILA' constraint conversas_controle_check check (controle in ('BOT', 'HUMANO', 'FILA')),
    nao_lidas integer not null default 0 constraint conversas_nao_lidas_check check (nao_lidas >= 0),
    janela_expira_em timestamptz,
    ultima_mensagem_em timestamptz not null default now(),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint conversas_pkey primary key (cliente_id, id),
    constraint conversas_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint conversas_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id),
    constraint conversas_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id),
    constraint conversas_cliente_id_equipe_id_fkey
    foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id)
);
create unique index conversas_aberta_idx on public.conversas (cliente_id, conexao_id, contato_id) where status <> 'RESOLVIDA';
create index conversas_usuario_id_idx on public.conversas (cliente_id, usuario_id, ultima_mensagem_em desc);
create index conversas_equipe_id_idx on public.conversas (cliente_id, equipe_id, ultima_mensagem_em desc);
create index conversas_conexao_id_idx on public.conversas (cliente_id, conexao_id, ultima_mensagem_em desc);
create index conversas_contato_id_idx on public.conversas (cliente_id, contato_id, ultima_mensagem_em desc);
create index conversas_usuario_id_status_idx on public.conversas (cliente_id, usuario_id, status, ultima_mensagem_em desc);
comment on table public.conversas is 'Conversas; nunca duas abertas para a mesma pessoa e número.';
comment on index public.conversas_aberta_idx is 'ZCV01: já existe uma conversa aberta com este contato neste número';
call interno.isolar_tabela('public.conversas');
insert into public.transicoes (maquina, de, para) values
('conversas', 'ABERTA', 'EM_ATENDIMENTO'), ('conversas', 'ABERTA', 'ADIADA'), ('conversas', 'ABERTA', 'RESOLVIDA'),
('conversas', 'EM_ATENDIMENTO', 'ABERTA'), ('conversas', 'EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE'),
('conversas', 'EM_ATENDIMENTO', 'ADIADA'), ('conversas', 'EM_ATENDIMENTO', 'RESOLVIDA'),
('conversas', 'AGUARDANDO_CLIENTE', 'EM_ATENDIMENTO'), ('conversas', 'AGUARDANDO_CLIENTE', 'ABERTA'),
('conversas', 'AGUARDANDO_CLIENTE', 'RESOLVIDA'), ('conversas', 'AGUARDANDO_CLIENTE', 'ADIADA'),
('conversas', 'ADIADA', 'ABERTA'), ('conversas', 'ADIADA', 'EM_ATENDIMENTO'), ('conversas', 'ADIADA', 'RESOLVIDA'),
('conversas', 'RESOLVIDA', 'ABERTA');
create trigger _010_transicao before update of status on public.conversas for each row execute function interno.tg_transicao();
create trigger _020_atualizado before update on public.conversas for each row execute function interno.tg_atualizado();

create table public.mensagens (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conversa_id uuid not null,
    conexao_id uuid not null,
    direcao text not null constraint mensagens_direcao_check check (direcao in ('ENTRADA', 'SAIDA')),
    tipo text not null constraint mensagens_tipo_check check (tipo ~ '^[A-Z_]{3,30}$'),
    corpo text constraint mensagens_corpo_check check (char_length(corpo) <= 65536),
    conteudo jsonb not null default '{}'
    constraint mensagens_conteudo_check check (jsonb_typeof(conteudo) = 'object' and pg_column_size(conteudo) < 65536),
    status text not null constraint mensagens_status_check check (status in (
        'RECEBIDA', 'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU'
    )),
    id_externo text constraint mensagens_id_externo_check check (char_length(id_externo) between 1 and 300),
    usuario_id uuid,
    ocorrido_em timestamptz not null,
    criado_em timestamptz not null default now(),
    constraint mensagens_pkey primary key (cliente_id, id),
    constraint mensagens_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id),
    constraint mensagens_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint mensagens_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id)
);
create index mensagens_conversa_id_criado_em_idx on public.mensagens (cliente_id, conversa_id, criado_em desc, id);
create unique index mensagens_id_externo_idx on public.mensagens (cliente_id, conexao_id, id_externo);
create index mensagens_usuario_id_idx on public.mensagens (cliente_id, usuario_id);
comment on table public.mensagens is 'Mensagens de uma conversa; a mesma mensagem do provedor nunca entra duas vezes.';
comment on index public.mensagens_id_externo_idx is 'ZCV02: mensagem já registrada';
call interno.isolar_tabela('public.mensagens');

create table public.campanhas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    nome text not null constraint campanhas_nome_check check (char_length(nome) between 2 and 120),
    conexao_id uuid not null,
    modelo_id uuid not null,
    variaveis jsonb not null default '{}'
    constraint campanhas_variaveis_check check (jsonb_typeof(variaveis) = 'object' and pg_column_size(variaveis) < 16384),
    publico_tipo text not null constraint campanhas_publico_tipo_check check (publico_tipo in ('CONTATOS', 'ETIQUETAS', 'FILTRO')),
    publico_filtro jsonb not null default '{}'
    constraint campanhas_publico_filtro_check check (jsonb_typeof(publico_filtro) = 'object' and pg_column_size(publico_filtro) < 16384),
    intervalo_ms integer not null default 0 constraint campanhas_intervalo_ms_check check (intervalo_ms between 0 and 3600000),
    agendado_para timestamptz,
    status text not null default 'RASCUNHO' constraint campanhas_status_check check (status in (
        'RASCUNHO', 'AGENDADA', 'EM_ANDAMENTO', 'PAUSADA', 'CONCLUIDA', 'CANCELADA'
    )),
    status_motivo text constraint campanhas_status_motivo_check check (char_length(status_motivo) <= 300),
    proximo_envio_em timestamptz,
    iniciada_em timestamptz,
    encerrada_em timestamptz,
    criado_por uuid not null,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint campanhas_pkey primary key (cliente_id, id),
    constraint campanhas_agendada_check check (status <> 'AGENDADA' or agendado_para is not null),
    constraint campanhas_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint campanhas_cliente_id_modelo_id_fkey
    foreign key (cliente_id, modelo_id) references public.modelos (cliente_id, id),
    constraint campanhas_cliente_id_criado_por_fkey
    foreign key (cliente_id, criado_por) references public.usuarios (cliente_id, id)
);
create index campanhas_conexao_id_idx on public.campanhas (cliente_id, conexao_id, status);
create index campanhas_modelo_id_idx on public.campanhas (cliente_id, modelo_id, status);
create index campanhas_criado_por_idx on public.campanhas (cliente_id, criado_por);
create index campanhas_status_idx on public.campanhas (cliente_id, status, id);
comment on table public.campanhas is 'Campanhas. O público vira campanhas_log ao iniciar; CONCLUIDA é derivada: só existe sem destinatário pendente (gatilho).';
comment on constraint campanhas_cliente_id_conexao_id_fkey on public.campanhas is 'ZNX01: conexão não encontrada';
comment on constraint campanhas_cliente_id_modelo_id_fkey on public.campanhas is 'ZNM01: modelo não encontrado';
call interno.isolar_tabela('public.campanhas');
insert into public.transicoes (maquina, de, para) values
('campanhas', 'RASCUNHO', 'AGENDADA'), ('campanhas', 'RASCUNHO', 'EM_ANDAMENTO'), ('campanhas', 'RASCUNHO', 'CANCELADA'),
('campanhas', 'AGENDADA', 'RASCUNHO'), ('campanhas', 'AGENDADA', 'EM_ANDAMENTO'), ('campanhas', 'AGENDADA', 'CANCELADA'),
('campanhas', 'EM_ANDAMENTO', 'PAUSADA'), ('campanhas', 'EM_ANDAMENTO', 'CONCLUIDA'), ('campanhas', 'EM_ANDAMENTO', 'CANCELADA'),
('campanhas', 'PAUSADA', 'EM_ANDAMENTO'), ('campanhas', 'PAUSADA', 'CANCELADA'),
('campanhas', 'CONCLUIDA', 'EM_ANDAMENTO');
create function interno.tg_campanhas__derivar() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create function interno.tg_campanhas__avisar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _010_transicao before update of status on public.campanhas for each row execute function interno.tg_transicao();
-- the feeder's own bookkeeping is not an edit
create trigger _020_atualizado before update of
    nome, conexao_id, modelo_id, variaveis, publico_tipo, publico_filtro, intervalo_ms, agendado_para, status
on public.campanhas for each row execute function interno.tg_atualizado();
create trigger _030_derivar before update of status on public.campanhas for each row execute function interno.tg_campanhas__derivar();
create trigger _040_avisar after insert or update of status on public.campanhas for each row execute function interno.tg_campanhas__avisar();

create table public.campanhas_publico (
    cliente_id uuid not null,
    campanha_id uuid not null,
    contato_id uuid not null,
    constraint campanhas_publico_pkey primary key (cliente_id, campanha_id, contato_id),
    constraint campanhas_publico_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id) on delete cascade,
    constraint campanhas_publico_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id)
);
create index campanhas_publico_contato_id_idx on public.campanhas_publico (cliente_id, contato_id);
comment on table public.campanhas_publico is 'Contatos escolhidos um a um para uma campanha (publico_tipo CONTATOS).';
comment on constraint campanhas_publico_cliente_id_contato_id_fkey on public.campanhas_publico is 'ZNC01: contato não encontrado';
call interno.isolar_tabela('public.campanhas_publico');

create table public.campanhas_log (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    campanha_id uuid not null,
    contato_id uuid not null,
    status text not null default 'PENDENTE' constraint campanhas_log_status_check check (status in (
        'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO'
    )),
    motivo text constraint campanhas_log_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    erro_codigo integer,
    erro_texto text constraint campanhas_log_erro_texto_check check (char_length(erro_texto) <= 500),
    telefone text constraint campanhas_log_telefone_check check (char_length(telefone) <= 20),
    parametros jsonb not null default '{}'
    constraint campanhas_log_parametros_check check (jsonb_typeof(parametros) = 'object' and pg_column_size(parametros) < 16384),
    tentativas smallint not null default 0,
    tentativa_id uuid,
    id_externo text constraint campanhas_log_id_externo_check check (char_length(id_externo) between 1 and 300),
    enviado_em timestamptz,
    entregue_em timestamptz,
    lido_em timestamptz,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint campanhas_log_pkey primary key (cliente_id, id),
    constraint campanhas_log_cliente_id_campanha_id_contato_id_key unique (cliente_id, campanha_id, contato_id),
    constraint campanhas_log_motivo_presente_check check (status not in ('PULADO', 'FALHOU') or motivo is not null),
    constraint campanhas_log_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id),
    constraint campanhas_log_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id)
) with (fillfactor = 70, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
create index campanhas_log_campanha_id_status_idx on public.campanhas_log (cliente_id, campanha_id, status, id);
create index campanhas_log_contato_id_idx on public.campanhas_log (cliente_id, contato_id);
comment on table public.campanhas_log is 'Um destinatário de uma campanha, uma vez só. ENVIADO = uma aceitação provada; entrega e leitura são horários; INCERTO nunca é reenviado por máquina.';
call interno.isolar_tabela('public.campanhas_log');
insert into public.transicoes (maquina, de, para) values
('campanhas_log', 'PENDENTE', 'RESERVADO'), ('campanhas_log', 'PENDENTE', 'PULADO'), ('campanhas_log', 'PENDENTE', 'ENVIADO'),
('campanhas_log', 'RESERVADO', 'ENVIADO'),
('campanhas_log', 'RESERVADO', 'PENDENTE'), ('campanhas_log', 'RESERVADO', 'ENVIANDO'),
('campanhas_log', 'RESERVADO', 'PULADO'), ('campanhas_log', 'RESERVADO', 'FALHOU'),
('campanhas_log', 'ENVIANDO', 'ENVIADO'), ('campanhas_log', 'ENVIANDO', 'INCERTO'),
('campanhas_log', 'ENVIANDO', 'FALHOU'), ('campanhas_log', 'ENVIANDO', 'RESERVADO'), ('campanhas_log', 'ENVIANDO', 'PENDENTE'),
('campanhas_log', 'INCERTO', 'ENVIADO'), ('campanhas_log', 'INCERTO', 'FALHOU'),
('campanhas_log', 'ENVIADO', 'FALHOU'), ('campanhas_log', 'FALHOU', 'ENVIADO'),
('campanhas_log', 'FALHOU', 'PENDENTE'), ('campanhas_log', 'PULADO', 'PENDENTE');
create trigger _010_transicao before update of status on public.campanhas_log for each row
when (old.status is distinct from new.status) execute function interno.tg_transicao();

create table public.campanhas_totais (
    cliente_id uuid not null,
    campanha_id uuid not null,
    chave text not null constraint campanhas_totais_chave_check check (chave in (
        'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO', 'ENTREGUE', 'LIDO'
    )),
    total bigint not null,
    constraint campanhas_totais_pkey primary key (cliente_id, campanha_id, chave),
    constraint campanhas_totais_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id) on delete cascade
) with (fillfactor = 50);
comment on table public.campanhas_totais is 'Quantos destinatários há em cada estado, mantido por gatilho de comando: ler o progresso não custa o tamanho da campanha.';
call interno.isolar_tabela('public.campanhas_totais');
create function interno.tg_campanhas_log__somar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_somar_insert after insert on public.campanhas_log
referencing new table as novas for each statement execute function interno.tg_campanhas_log__somar();
create trigger _050_somar_update after update on public.campanhas_log
referencing old table as antigas new table as novas for each statement execute function interno.tg_campanhas_log__somar();

create table public.tentativas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    alvo_id uuid not null,
    conexao_id uuid not null,
    numero smallint not null,
    processo text not null constraint tentativas_processo_check check (char_length(processo) <= 100),
    iniciada_em timestamptz not null,
    terminada_em timestamptz,
    desfecho text constraint tentativas_desfecho_check check (desfecho in ('ACEITO', 'REJEITADO', 'NAO_ENVIADO', 'AMBIGUO')),
    erro_codigo integer,
    detalhe text constraint tentativas_detalhe_check check (char_length(detalhe) <= 500),
    id_externo text constraint tentativas_id_externo_check check (char_length(id_externo) between 1 and 300),
    constraint tentativas_pkey primary key (cliente_id, id),
    constraint tentativas_cliente_id_alvo_id_fkey
    foreign key (cliente_id, alvo_id) references public.campanhas_log (cliente_id, id),
    constraint tentativas_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
create unique index tentativas_id_externo_idx on public.tentativas (cliente_id, conexao_id, id_externo);
create index tentativas_alvo_id_idx on public.tentativas (cliente_id, alvo_id, id);
comment on table public.tentativas is 'Cada intenção de envio, gravada antes do HTTP; o id viaja em biz_opaque_callback_data e volta nos status.';
call interno.isolar_tabela('public.tentativas');

create table public.status_recebidos (
    cliente_id uuid not null,
    conexao_id uuid not null,
    id_externo text not null constraint status_recebidos_id_externo_check check (char_length(id_externo) between 1 and 300),
    status text not null constraint status_recebidos_status_check check (status ~ '^[a-z_]{2,30}$'),
    tentativa_id uuid,
    ocorrido_em timestamptz not null,
    erro_codigo integer,
    erro_texto text constraint status_recebidos_erro_texto_check check (char_length(erro_texto) <= 500),
    recebido_em timestamptz not null default now(),
    constraint status_recebidos_pkey primary key (cliente_id, conexao_id, id_externo, status),
    constraint status_recebidos_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
create index status_recebidos_tentativa_id_idx on public.status_recebidos (cliente_id, tentativa_id);
comment on table public.status_recebidos is 'Cada status distinto que o provedor contou de uma mensagem nossa; o estado do destinatário é função deste conjunto, em qualquer ordem de chegada.';
call interno.isolar_tabela('public.status_recebidos');

create table public.fila (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    tipo text not null constraint fila_tipo_check check (tipo in (
        'campanha_enviar', 'campanha_iniciar', 'campanha_alimentar', 'webhook_processar'
    )),
    conexao_id uuid,
    prioridade smallint not null constraint fila_prioridade_check check (prioridade in (1, 3, 5, 7)),
    executar_em timestamptz not null,
    expira_em timestamptz,
    tentativas smallint not null default 0,
    max_tentativas smallint not null default 3,
    alvo_id uuid not null,
    reservado_por text constraint fila_reservado_por_check check (char_length(reservado_por) <= 100),
    reservado_ate timestamptz,
    intencao_em timestamptz,
    cerca bigint not null default 0,
    constraint fila_pkey primary key (cliente_id, id),
    constraint fila_cliente_id_tipo_alvo_id_key unique (cliente_id, tipo, alvo_id),
    constraint fila_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000
);
create index fila_pronta_idx on public.fila (cliente_id, conexao_id, prioridade, executar_em, id)
where reservado_ate is null and conexao_id is not null;
create index fila_interna_idx on public.fila (cliente_id, executar_em, id) where reservado_ate is null and conexao_id is null;
create index fila_reservada_idx on public.fila (cliente_id, reservado_ate) where reservado_ate is not null;
comment on table public.fila is 'O único lugar onde trabalho espera. prioridade: 1 pessoa, 3 bot, 5 agendada, 7 campanha; conexao_id nulo = trabalho que não envia; cerca = ficha que só sobe, exigida de volta em cada desfecho.';
call interno.isolar_tabela('public.fila', 'crm_fila');

create table public.fila_morta (
    cliente_id uuid not null constraint fila_morta_cliente_id_fkey references public.clientes (id),
    id uuid not null,
    tipo text not null constraint fila_morta_tipo_check check (char_length(tipo) <= 40),
    conexao_id uuid,
    alvo_id uuid not null,
    tentativas smallint not null,
    erro_codigo integer,
    erro_texto text not null constraint fila_morta_erro_texto_check check (char_length(erro_texto) <= 500),
    morta_em timestamptz not null default now(),
    resolvida_em timestamptz,
    resolucao text constraint fila_morta_resolucao_check check (resolucao in ('REENFILEIRADA', 'DESCARTADA')),
    constraint fila_morta_pkey primary key (cliente_id, id)
);
create index fila_morta_alvo_id_idx on public.fila_morta (cliente_id, alvo_id);
comment on table public.fila_morta is 'O que desistiu depois das tentativas; o histórico está em tentativas.';
call interno.isolar_tabela('public.fila_morta');

create table public.webhooks_recebidos (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conexao_id uuid not null,
    corpo bytea not null constraint webhooks_recebidos_corpo_check check (octet_length(corpo) <= 3145728),
    status text not null default 'PENDENTE'
    constraint webhooks_recebidos_status_check check (status in ('PENDENTE', 'PROCESSADO', 'IGNORADO', 'ERRO')),
    erro_texto text constraint webhooks_recebidos_erro_texto_check check (char_length(erro_texto) <= 500),
    recebido_em timestamptz not null default now(),
    processado_em timestamptz,
    constraint webhooks_recebidos_pkey primary key (cliente_id, id),
    constraint webhooks_recebidos_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
);
create index webhooks_recebidos_conexao_id_idx on public.webhooks_recebidos (cliente_id, conexao_id, id);
comment on table public.webhooks_recebidos is 'O que cada conexão recebeu, guardado antes do 200. Um POST que junta vários clientes é repartido: cada um guarda só a sua parte.';
call interno.isolar_tabela('public.webhooks_recebidos');

create table public.webhooks_quarentena (
    id uuid not null default uuidv7() constraint webhooks_quarentena_pkey primary key,
    corpo bytea not null constraint webhooks_quarentena_corpo_check check (octet_length(corpo) <= 3145728),
    motivo text not null constraint webhooks_quarentena_motivo_check check (char_length(motivo) <= 200),
    recebido_em timestamptz not null default now()
);
comment on table public.webhooks_quarentena is 'Corpos com assinatura válida que não se pode atribuir a um cliente: nada se perde, ninguém vê o que não é seu.';

create table public.processos (
    nome text constraint processos_pkey primary key constraint processos_nome_check check (char_length(nome) between 3 and 100),
    tipo text not null constraint processos_tipo_check check (tipo in ('WORKER')),
    iniciado_em timestamptz not null,
    visto_em timestamptz not null,
    metricas jsonb not null default '{}'
    constraint processos_metricas_check check (jsonb_typeof(metricas) = 'object' and pg_column_size(metricas) < 65536)
);
comment on table public.processos is 'Workers vivos, quando deram sinal pela última vez e o que mediram do ritmo de cada número.';
