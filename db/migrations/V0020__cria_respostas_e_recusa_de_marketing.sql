/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation, ban-drop-function
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Canned replies; what a person may do about a message that did not go; and marketing refused by the tables themselves.

drop function if exists api.mensagem_enviar(uuid, text, uuid, text, jsonb, uuid, text);
drop function if exists interno.mensagem_enfileirar(uuid, uuid, text, jsonb, uuid, text, smallint, uuid);
drop function if exists api.mensagens_listar(uuid, text, uuid, integer, text);

comment on constraint mensagens_pkey on public.mensagens is 'ZCV80: este id não pode ser usado nesta mensagem';

alter table public.provedor_classes
add column acoes text[] not null default '{}' constraint provedor_classes_acoes_check check (cardinality(acoes) <= 7 and acoes <@ array[
    'REENVIAR', 'USAR_MODELO', 'CORRIGIR_NUMERO', 'CORRIGIR_MENSAGEM', 'AGUARDAR', 'DESBLOQUEAR', 'DECIDIR'
]);
comment on column public.provedor_classes.acoes is 'O que uma pessoa pode fazer diante de uma mensagem que falhou por isto, a que mais serve primeiro.';
update public.provedor_classes as c set acoes = n.acoes
from (
    values
    ('AUTH', array['REENVIAR', 'AGUARDAR']), ('RATE_NUMBER', array['REENVIAR', 'AGUARDAR']), ('RATE_PAIR', array['AGUARDAR', 'REENVIAR']),
    ('RATE_ACCOUNT', array['AGUARDAR', 'REENVIAR']), ('PLATFORM', array['REENVIAR']), ('DEFER', array['AGUARDAR']),
    ('WINDOW', array['USAR_MODELO']), ('CONTACT', array['CORRIGIR_NUMERO']), ('NUMBER_STOP', array['AGUARDAR', 'REENVIAR']),
    ('ACCOUNT_STOP', array['AGUARDAR', 'REENVIAR']), ('TEMPLATE_STOP', array['USAR_MODELO', 'REENVIAR']),
    ('REQUEST', array['CORRIGIR_MENSAGEM']), ('MEDIA', array['REENVIAR', 'CORRIGIR_MENSAGEM']), ('FEATURE', array['CORRIGIR_MENSAGEM']),
    ('CONNECTION_DOWN', array['AGUARDAR', 'REENVIAR']), ('NEW_CHAT_STOP', array['AGUARDAR', 'REENVIAR']), ('RATE_GATEWAY', array['AGUARDAR', 'REENVIAR']),
    ('TRANSPORT', array['REENVIAR']), ('NO_SLOT', array['REENVIAR'])
) as n (classe, acoes)
where c.classe = n.classe;

create table public.mensagens_motivos (
    motivo text constraint mensagens_motivos_pkey primary key constraint mensagens_motivos_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    texto text not null constraint mensagens_motivos_texto_check check (char_length(texto) between 5 and 300),
    acoes text[] not null default '{}' constraint mensagens_motivos_acoes_check check (cardinality(acoes) <= 7 and acoes <@ array[
        'REENVIAR', 'USAR_MODELO', 'CORRIGIR_NUMERO', 'CORRIGIR_MENSAGEM', 'AGUARDAR', 'DESBLOQUEAR', 'DECIDIR'
    ])
);
comment on table public.mensagens_motivos is
'Por que uma mensagem não saiu, quando quem o diz somos nós: a frase e o que se pode fazer. Os motivos do provedor são classes (provedor_classes).';
insert into public.mensagens_motivos (motivo, texto, acoes) values
('CANCELADA', 'Cancelada antes de sair', '{}'),
('REMOVIDO', 'O contato foi removido', '{}'),
('BLOQUEADO', 'O contato está bloqueado', '{DESBLOQUEAR}'),
('CONTROLE', 'Uma pessoa assumiu a conversa antes que o robô respondesse', '{}'),
('JANELA_FECHADA', 'A janela de 24 horas fechou antes do envio: use um modelo', '{USAR_MODELO}'),
('MODELO_PARADO', 'O modelo deixou de estar aprovado', '{USAR_MODELO}'),
('EXPIRADA', 'Esperou tempo demais para sair', '{REENVIAR}'),
('TENTATIVAS_ESGOTADAS', 'Falhou em todas as tentativas', '{REENVIAR}'),
('TELEFONE_INVALIDO', 'O contato não tem um telefone para este número', '{CORRIGIR_NUMERO}'),
('SEM_WHATSAPP', 'Este telefone não está no WhatsApp', '{CORRIGIR_NUMERO}'),
('OPTOUT', 'A pessoa não recebe mais marketing desta empresa', '{}'),
('SEM_RESPOSTA', 'Não foi possível confirmar o envio', '{DECIDIR}'),
('NAO_CONFIRMADO', 'Ninguém confirmou que a mensagem saiu', '{}');

create table public.respostas_rapidas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    escopo text not null constraint respostas_rapidas_escopo_check check (escopo in ('PESSOAL', 'EQUIPE', 'TODOS')),
    usuario_id uuid,
    equipe_id uuid,
    atalho text not null constraint respostas_rapidas_atalho_check check (atalho ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    titulo text not null constraint respostas_rapidas_titulo_check check (char_length(titulo) between 1 and 120),
    texto text not null constraint respostas_rapidas_texto_check check (char_length(texto) <= 4096),
    busca text not null generated always as (interno.texto_busca(atalho || ' ' || titulo || ' ' || texto)) stored
    constraint respostas_rapidas_busca_check check (char_length(busca) <= 10000),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint respostas_rapidas_pkey primary key (cliente_id, id),
    constraint respostas_rapidas_dono_check check (
        (escopo = 'PESSOAL') = (usuario_id is not null) and (escopo = 'EQUIPE') = (equipe_id is not null)
    ),
    constraint respostas_rapidas_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade,
    constraint respostas_rapidas_cliente_id_equipe_id_fkey
    foreign key (cliente_id, equipe_id) references public.equipes (cliente_id, id) on delete cascade
);
create unique index respostas_rapidas_todos_idx on public.respostas_rapidas (cliente_id, atalho) where escopo = 'TODOS';
create unique index respostas_rapidas_equipe_id_idx on public.respostas_rapidas (cliente_id, equipe_id, atalho);
create unique index respostas_rapidas_usuario_id_idx on public.respostas_rapidas (cliente_id, usuario_id, atalho);
comment on table public.respostas_rapidas is
'Respostas prontas, chamadas por /atalho: de uma pessoa, de uma equipe ou de todos. O texto pode ter variáveis, que só são preenchidas quando alguém a usa numa conversa.';
comment on index public.respostas_rapidas_todos_idx is 'ZCV81: já existe uma resposta rápida com este atalho';
comment on index public.respostas_rapidas_equipe_id_idx is 'ZCV81: já existe uma resposta rápida com este atalho';
comment on index public.respostas_rapidas_usuario_id_idx is 'ZCV81: já existe uma resposta rápida com este atalho';
comment on constraint respostas_rapidas_atalho_check on public.respostas_rapidas is
'ZRV80: o atalho tem até 40 letras sem acento, números, - ou _, sem espaços';
comment on constraint respostas_rapidas_cliente_id_equipe_id_fkey on public.respostas_rapidas is 'ZNI04: equipe não encontrada';
call interno.isolar_tabela('public.respostas_rapidas');
create trigger _020_atualizado before update on public.respostas_rapidas for each row execute function interno.tg_atualizado();

create table public.respostas_rapidas_midias (
    cliente_id uuid not null,
    resposta_id uuid not null,
    ordem smallint not null constraint respostas_rapidas_midias_ordem_check check (ordem between 1 and 10),
    midia_id uuid not null,
    constraint respostas_rapidas_midias_pkey primary key (cliente_id, resposta_id, ordem),
    constraint respostas_rapidas_midias_cliente_id_resposta_id_fkey
    foreign key (cliente_id, resposta_id) references public.respostas_rapidas (cliente_id, id) on delete cascade,
    constraint respostas_rapidas_midias_cliente_id_midia_id_fkey
    foreign key (cliente_id, midia_id) references public.midias (cliente_id, id)
);
create index respostas_rapidas_midias_midia_id_idx on public.respostas_rapidas_midias (cliente_id, midia_id);
comment on table public.respostas_rapidas_midias is 'Arquivos que vão com uma resposta rápida, na ordem em que saem.';
call interno.isolar_tabela('public.respostas_rapidas_midias');

create index mencoes_novas_idx on public.mencoes (cliente_id, usuario_id, nota_id desc) where lida_em is null;

-- Marketing never waits for, nor leaves to, somebody who refused it, whoever writes the row. What looks at few rows at a
-- time asks for each; what is written by the hundred thousand is asked for by statement.
create function interno.tg_mensagens__recusar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_campanhas_log__recusar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_fila__recusar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create constraint trigger _060_recusar after insert or update of status, modelo_id, conversa_id on public.mensagens
for each row when (new.direcao = 'SAIDA' and new.modelo_id is not null and new.status in ('PENDENTE', 'RESERVADO', 'ENVIANDO'))
execute function interno.tg_mensagens__recusar();
create trigger _060_recusar_insert after insert on public.campanhas_log
referencing new table as novas for each statement execute function interno.tg_campanhas_log__recusar();
create trigger _060_recusar_update after update on public.campanhas_log
referencing old table as antigas new table as novas for each statement execute function interno.tg_campanhas_log__recusar();
create trigger _060_recusar after insert on public.fila
referencing new table as novas for each statement execute function interno.tg_fila__recusar();
