/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- What every part of the inbox stands on: what a conversation remembers of its messages, its labels, notes, drafts and
-- history, the settings of a number, and events that can be numbered.

alter table public.conversas
add column prioridade text not null default 'NORMAL'
constraint conversas_prioridade_check check (prioridade in ('BAIXA', 'NORMAL', 'ALTA', 'URGENTE')),
add column ultima_mensagem_id uuid,
add column ultima_entrada_em timestamptz,
add column respondida_ate timestamptz,
add column espera_desde timestamptz,
add column fila_em timestamptz default now(),
add column atribuida_em timestamptz,
add column adiada_ate timestamptz,
add column resolvida_em timestamptz;
comment on column public.conversas.ultima_mensagem_id is 'A última pela hora em que foi escrita; ultima_mensagem_em é quando a última chegou, que é o que ordena a lista.';
comment on column public.conversas.ultima_entrada_em is 'Quando a pessoa escreveu por último, pela hora do provedor.';
comment on column public.conversas.respondida_ate is 'Quando alguém da empresa (não um robô) escreveu por último, pela hora do provedor.';
comment on column public.conversas.espera_desde is 'A primeira mensagem da pessoa ainda sem resposta; nulo quando nada espera.';
comment on column public.conversas.fila_em is 'Desde quando espera sem dono; nulo quando tem um.';
comment on column public.conversas.adiada_ate is 'Quando uma conversa adiada volta sozinha.';

-- received and processed are two times: a body may wait, or be processed again
alter table public.mensagens
add column recebido_em timestamptz not null default now(),
add column editado_em timestamptz,
add column apagado_em timestamptz;
comment on column public.mensagens.recebido_em is 'Quando chegou até nós; ocorrido_em é quando foi escrita e criado_em, quando foi processada.';
create function interno.tg_mensagens__resumir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _030_resumir after insert on public.mensagens
referencing new table as novas for each statement execute function interno.tg_mensagens__resumir();

create table public.conversas_etiquetas (
    cliente_id uuid not null,
    conversa_id uuid not null,
    etiqueta_id uuid not null,
    constraint conversas_etiquetas_pkey primary key (cliente_id, conversa_id, etiqueta_id),
    constraint conversas_etiquetas_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade,
    constraint conversas_etiquetas_cliente_id_etiqueta_id_fkey
    foreign key (cliente_id, etiqueta_id) references public.etiquetas (cliente_id, id) on delete cascade
);
create index conversas_etiquetas_etiqueta_id_idx on public.conversas_etiquetas (cliente_id, etiqueta_id, conversa_id);
comment on table public.conversas_etiquetas is 'Que etiquetas cada conversa tem; as da pessoa estão em contatos_etiquetas.';
comment on constraint conversas_etiquetas_cliente_id_conversa_id_fkey on public.conversas_etiquetas is 'ZNV01: conversa não encontrada';
comment on constraint conversas_etiquetas_cliente_id_etiqueta_id_fkey on public.conversas_etiquetas is 'ZNE01: etiqueta não encontrada';
call interno.isolar_tabela('public.conversas_etiquetas');

create table public.conversas_historico (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conversa_id uuid not null,
    tipo text not null constraint conversas_historico_tipo_check check (tipo ~ '^[A-Z_]{3,30}$'),
    usuario_id uuid,
    dados jsonb not null default '{}'
    constraint conversas_historico_dados_check check (jsonb_typeof(dados) = 'object' and pg_column_size(dados) < 8192),
    ocorrido_em timestamptz not null default now(),
    constraint conversas_historico_pkey primary key (cliente_id, id),
    constraint conversas_historico_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade,
    constraint conversas_historico_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id)
);
create index conversas_historico_conversa_id_idx on public.conversas_historico (cliente_id, conversa_id, ocorrido_em desc, id desc);
create index conversas_historico_usuario_id_idx on public.conversas_historico (cliente_id, usuario_id);
comment on table public.conversas_historico is
'O que aconteceu com uma conversa (atribuída, transferida, adiada, resolvida…) e quem fez; usuario_id nulo = o próprio sistema. Só cresce.';
call interno.isolar_tabela('public.conversas_historico');
create trigger _010_imutavel before update on public.conversas_historico
for each row execute function interno.tg_imutavel();

create table public.notas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conversa_id uuid not null,
    usuario_id uuid not null,
    texto text not null constraint notas_texto_check check (char_length(texto) between 1 and 10000),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    removido_em timestamptz,
    constraint notas_pkey primary key (cliente_id, id),
    constraint notas_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade,
    constraint notas_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id)
);
create index notas_conversa_id_idx on public.notas (cliente_id, conversa_id, criado_em desc, id desc);
create index notas_usuario_id_idx on public.notas (cliente_id, usuario_id);
comment on table public.notas is 'Notas internas de uma conversa: a pessoa atendida nunca as vê.';
call interno.isolar_tabela('public.notas');
create trigger _020_atualizado before update on public.notas for each row execute function interno.tg_atualizado();

create table public.mencoes (
    cliente_id uuid not null,
    nota_id uuid not null,
    usuario_id uuid not null,
    conversa_id uuid not null,
    criado_em timestamptz not null default now(),
    lida_em timestamptz,
    constraint mencoes_pkey primary key (cliente_id, nota_id, usuario_id),
    constraint mencoes_cliente_id_nota_id_fkey
    foreign key (cliente_id, nota_id) references public.notas (cliente_id, id) on delete cascade,
    constraint mencoes_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id),
    constraint mencoes_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade
);
create index mencoes_usuario_id_idx on public.mencoes (cliente_id, usuario_id, conversa_id);
create index mencoes_conversa_id_idx on public.mencoes (cliente_id, conversa_id);
comment on table public.mencoes is 'Quem foi chamado em uma nota, e se já a viu.';
call interno.isolar_tabela('public.mencoes');

create table public.rascunhos (
    cliente_id uuid not null,
    usuario_id uuid not null,
    conversa_id uuid not null,
    texto text not null constraint rascunhos_texto_check check (char_length(texto) between 1 and 10000),
    nota boolean not null default false,
    contexto_id uuid,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint rascunhos_pkey primary key (cliente_id, usuario_id, conversa_id),
    constraint rascunhos_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade,
    constraint rascunhos_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade,
    constraint rascunhos_cliente_id_contexto_id_fkey
    foreign key (cliente_id, contexto_id) references public.mensagens (cliente_id, id)
);
create index rascunhos_conversa_id_idx on public.rascunhos (cliente_id, conversa_id);
create index rascunhos_contexto_id_idx on public.rascunhos (cliente_id, contexto_id);
comment on table public.rascunhos is 'O que cada um começou a escrever em cada conversa: um rascunho nunca aparece em outra conversa nem para outra pessoa.';
call interno.isolar_tabela('public.rascunhos');
create trigger _020_atualizado before update on public.rascunhos for each row execute function interno.tg_atualizado();

-- how a number treats who writes to it
alter table public.conexoes
add column equipe_id uuid,
add column reabertura text not null default 'REABRIR' constraint conexoes_reabertura_check check (reabertura in ('REABRIR', 'NOVA')),
add column reabertura_horas integer not null default 24 constraint conexoes_reabertura_horas_check check (reabertura_horas between 0 and 8760),
add column dono_minutos integer not null default 0 constraint conexoes_dono_minutos_check check (dono_minutos between 0 and 1440),
add constraint conexoes_cliente_id_equipe_id_fkey
foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id) not valid;
call interno.restricao_validar('public.conexoes', 'conexoes_cliente_id_equipe_id_fkey');
create index conexoes_equipe_id_idx on public.conexoes (cliente_id, equipe_id);
comment on constraint conexoes_cliente_id_equipe_id_fkey on public.conexoes is 'ZNI04: equipe não encontrada';
comment on column public.conexoes.equipe_id is 'A equipe em cuja fila caem as conversas novas deste número; nulo = na de todos.';
comment on column public.conexoes.reabertura is 'REABRIR = quem escreve até reabertura_horas depois de resolvida a sua conversa volta a ela; NOVA = abre-se sempre outra.';
comment on column public.conexoes.dono_minutos is 'Por quantos minutos uma conversa que volta espera por quem a atendeu antes de cair na fila; 0 = não espera.';

-- events are numbered when they are seen, per tenant, by whoever publishes them: a late commit gets a later number
alter table public.eventos
add column numero bigint,
add column conversa_id uuid,
add column topicos text[] constraint eventos_topicos_check check (cardinality(topicos) <= 20);
create table public.eventos_totais (
    cliente_id uuid not null
    constraint eventos_totais_pkey primary key
    constraint eventos_totais_cliente_id_fkey references public.clientes (id),
    ultimo bigint not null default 0 constraint eventos_totais_ultimo_check check (ultimo >= 0)
);
comment on table public.eventos_totais is 'Último número de evento de cada cliente; quem numera trava a linha, e por isso os números aparecem em ordem.';
call interno.isolar_tabela('public.eventos_totais');
create unique index eventos_numero_idx on public.eventos (cliente_id, numero) where numero is not null;
create index eventos_novos_idx on public.eventos (cliente_id, id) where numero is null;
comment on column public.eventos.numero is 'Posição na sequência do cliente, dada quando o evento já é visível: nunca há um menor por vir.';
comment on column public.eventos.topicos is 'Quem pode saber (interno.eventos_topicos); nulo = todos do cliente.';

insert into public.permissoes (codigo, descricao) values
('conversas:atribuir', 'Atribuir, transferir e alterar em massa conversas de outras pessoas'),
('atendimento:gerir', 'Configurar filas, horários, feriados e motivos de resolução'),
('respostas:gerir', 'Criar e editar respostas rápidas de todos'),
('contatos:fundir', 'Juntar e separar contatos que são a mesma pessoa'),
('webhooks:ler', 'Ver os eventos recebidos dos provedores'),
('webhooks:reprocessar', 'Reprocessar eventos recebidos dos provedores');
do $perfis$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
        select r_cliente.id, p.id, pm.codigo
        from public.perfis as p
        cross join public.permissoes as pm
        where p.cliente_id = r_cliente.id and p.codigo in ('ADMINISTRADOR', 'SUPERVISOR')
            and pm.codigo in (
                'conversas:atribuir', 'atendimento:gerir', 'respostas:gerir', 'contatos:fundir', 'webhooks:ler', 'webhooks:reprocessar'
            )
        on conflict do nothing;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$perfis$;
