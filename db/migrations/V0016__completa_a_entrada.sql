/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation, ban-drop-constraint, ban-drop-function
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- What arrives takes effect on what it speaks of; every stored body says what became of it; quarantine has a way out.

-- reactions, edits and deletions are messages of their own, and change the one they speak of
alter table public.mensagens
add column reacoes jsonb not null default '[]'
constraint mensagens_reacoes_check check (jsonb_typeof(reacoes) = 'array' and pg_column_size(reacoes) < 1024),
add column corpo_original text
constraint mensagens_corpo_original_check check (char_length(corpo_original) <= 65536);
comment on column public.mensagens.reacoes is
'[{emoji, direcao, em}]: a última reação de cada lado; derivada das mensagens REACAO que a citam, em qualquer ordem de chegada.';
comment on column public.mensagens.corpo_original is
'O texto antes da primeira edição; os do meio estão nas mensagens EDICAO que citam esta. Só tem sentido com editado_em.';
comment on column public.mensagens.apagado_em is 'Quando quem a escreveu a apagou; o conteúdo fica na tabela e não é mostrado.';

-- what was not applied says why; DESCARTADO was understood and is of no use here, IGNORADO was not understood
alter table public.webhooks_recebidos drop constraint webhooks_recebidos_status_check;
alter table public.webhooks_recebidos
add column motivo text constraint webhooks_recebidos_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
add column campos text[] constraint webhooks_recebidos_campos_check check (cardinality(campos) <= 50),
add constraint webhooks_recebidos_status_check check (
    status in ('PENDENTE', 'PROCESSADO', 'IGNORADO', 'DESCARTADO', 'ERRO')
) not valid;
do $motivos$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        update public.webhooks_recebidos as w
        set motivo = 'VERSAO_ANTERIOR', erro_texto = coalesce(w.erro_texto, 'guardado por uma versão que não sabia lê-lo')
        where w.cliente_id = r_cliente.id and w.status in ('IGNORADO', 'ERRO');
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$motivos$;
alter table public.webhooks_recebidos
add constraint webhooks_recebidos_motivo_presente_check check (status not in ('IGNORADO', 'DESCARTADO') or motivo is not null) not valid;
call interno.restricao_validar('public.webhooks_recebidos', 'webhooks_recebidos_status_check');
call interno.restricao_validar('public.webhooks_recebidos', 'webhooks_recebidos_motivo_presente_check');
-- only what went wrong: a body that is processed as usual changes no column of any index
create index webhooks_recebidos_motivo_idx on public.webhooks_recebidos (cliente_id, id) where motivo is not null;
comment on column public.webhooks_recebidos.motivo is
'Por que não foi aplicado inteiro (ERRO, IGNORADO, DESCARTADO), em código; em palavras, erro_texto.';
comment on column public.webhooks_recebidos.campos is 'De que trata: os campos da Meta ou o EventType do servidor UaiZap.';

-- received and processed are two times here too
alter table public.status_recebidos add column processado_em timestamptz not null default now();
comment on column public.status_recebidos.recebido_em is 'Quando o webhook que o trouxe chegou; processado_em é quando foi lido.';

-- a part may be given later only to a connection whose secret signed the body
alter table public.webhooks_quarentena
add column impressao bytea constraint webhooks_quarentena_impressao_check check (octet_length(impressao) = 32),
add column conexao_id uuid,
add column entregues uuid[] not null default '{}'
constraint webhooks_quarentena_entregues_check check (cardinality(entregues) <= 1000),
add column vista_em timestamptz;
comment on column public.webhooks_quarentena.impressao is 'Impressão do segredo que assinou o corpo: só conexões com este segredo podem receber partes dele.';
comment on column public.webhooks_quarentena.conexao_id is 'A conexão do endereço UaiZap que recebeu o corpo.';
comment on column public.webhooks_quarentena.entregues is 'Conexões que já têm a sua parte.';
comment on column public.webhooks_quarentena.vista_em is 'Quando alguém da plataforma leu o corpo.';

-- a batch that fails is halved until only the culprit is left alone
drop function if exists worker.interno_executar_um(uuid, uuid);

-- names are given to whoever arrived without one, whatever the provider
drop function if exists interno.uaizap_nomear(uuid, jsonb);

-- what a body speaks of is kept with it
drop function if exists interno.webhook_guardar(uuid, uuid, bytea);
