/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are rewritten or short, and the product is stopped meanwhile)
-- What gave up, grouped by cause and brought back by a person; the webhook behind each status; decisions about what nobody
-- confirmed.

create table public.fila_tipos (
    tipo text constraint fila_tipos_pkey primary key constraint fila_tipos_tipo_check check (tipo ~ '^[a-z_]{3,40}$'),
    texto text not null constraint fila_tipos_texto_check check (char_length(texto) between 3 and 100),
    alvo text not null constraint fila_tipos_alvo_check check (alvo ~ '^[a-z_]{3,40}$'),
    volta text not null constraint fila_tipos_volta_check check (volta in ('FILA', 'CAMPANHA', 'CONVERSA')),
    estados text constraint fila_tipos_estados_check check (char_length(estados) <= 200 and estados ~ '^[A-Z_]{3,20}(,[A-Z_]{3,20})*$')
);
comment on table public.fila_tipos is
'O que é cada tipo de trabalho da fila e como volta depois de desistir. alvo: a tabela de alvo_id. volta: FILA = a mesma linha, de novo; CAMPANHA = o destinatário volta a esperar na campanha; CONVERSA = a mensagem toma novo lugar no fim da conversa. estados: os do alvo em que ainda há o que refazer, separados por vírgula (nulo = qualquer).';
insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('campanha_enviar', 'Envio de campanha', 'campanhas_log', 'CAMPANHA', 'FALHOU'),
('mensagem_enviar', 'Envio de mensagem', 'mensagens', 'CONVERSA', 'FALHOU'),
('campanha_iniciar', 'Início de campanha agendada', 'campanhas', 'FILA', 'AGENDADA'),
('campanha_alimentar', 'Andamento de campanha', 'campanhas', 'FILA', 'EM_ANDAMENTO,CANCELADA'),
('webhook_processar', 'Processamento de webhook', 'webhooks_recebidos', 'FILA', 'ERRO'),
('agendada_disparar', 'Disparo de mensagem agendada', 'mensagens_agendadas', 'FILA', null),
('midia_baixar', 'Download de mídia', 'midias', 'FILA', 'PENDENTE,FALHOU'),
('midia_subir', 'Envio de mídia ao provedor', 'midias_provedor', 'FILA', 'PENDENTE,FALHOU'),
('envio_reconciliar', 'Busca de envio sem confirmação', 'tentativas', 'FILA', null),
('leitura_marcar', 'Confirmação de leitura', 'conversas', 'FILA', null),
('digitando_mostrar', 'Aviso de digitação', 'conversas', 'FILA', null),
('conexao_consultar', 'Consulta da conexão', 'conexoes', 'FILA', null);

alter table public.fila_morta
add column prioridade smallint not null default 5
constraint fila_morta_prioridade_check check (prioridade in (1, 3, 5, 7)),
add column max_tentativas smallint not null default 3,
add column cerca bigint not null default 0,
add column classe text constraint fila_morta_classe_check check (char_length(classe) <= 30),
-- without what differs from one occurrence to the next: ids, numbers, times
add column causa text generated always as (
    regexp_replace(regexp_replace(erro_texto, '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}', '…', 'g'), '[0-9]+', '…', 'g')
) stored constraint fila_morta_causa_check check (char_length(causa) <= 500),
add column grupo uuid not null generated always as (
    md5(
        tipo || '|' || coalesce(classe, '') || '|' || coalesce(erro_codigo::text, '') || '|'
        || regexp_replace(regexp_replace(erro_texto, '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}', '…', 'g'), '[0-9]+', '…', 'g')
    )::uuid
) stored,
add column resolvida_por uuid,
add column resolucao_motivo text
constraint fila_morta_resolucao_motivo_check check (char_length(resolucao_motivo) between 3 and 300);
create index fila_morta_grupo_idx on public.fila_morta (cliente_id, grupo, id) where resolvida_em is null;
create index fila_morta_abertas_idx on public.fila_morta (cliente_id, id) where resolvida_em is null;
comment on column public.fila_morta.grupo is 'Mesma causa: tipo, classe, código e texto sem ids nem números.';
comment on column public.fila_morta.resolvida_por is 'Quem reenfileirou ou descartou; nulo = o próprio sistema.';

alter table public.status_recebidos add column webhook_id uuid;
comment on column public.status_recebidos.webhook_id is
'O webhook que contou isto pela primeira vez (webhooks_recebidos, que a retenção pode já ter apagado).';

create table public.entregas_decisoes (
    cliente_id uuid not null constraint entregas_decisoes_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    alvo_tipo text not null constraint entregas_decisoes_alvo_tipo_check check (alvo_tipo in ('CAMPANHA', 'MENSAGEM')),
    alvo_id uuid not null,
    tentativa_id uuid,
    decisao text not null constraint entregas_decisoes_decisao_check check (decisao in ('CONFIRMADO', 'REENVIAR', 'DESISTIR')),
    motivo text not null constraint entregas_decisoes_motivo_check check (char_length(motivo) between 3 and 300),
    usuario_id uuid not null,
    decidido_em timestamptz not null default now(),
    constraint entregas_decisoes_pkey primary key (cliente_id, id)
);
create index entregas_decisoes_alvo_id_idx on public.entregas_decisoes (cliente_id, alvo_id, id);
comment on table public.entregas_decisoes is
'O que uma pessoa decidiu sobre um envio sem confirmação, e por quê; só cresce. Uma prova que chegue depois vale mais.';
call interno.isolar_tabela('public.entregas_decisoes');
create trigger _010_imutavel before update or delete on public.entregas_decisoes
for each row execute function interno.tg_imutavel();
