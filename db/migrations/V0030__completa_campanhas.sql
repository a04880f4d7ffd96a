/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file require-concurrent-index-creation, ban-drop-function, ban-drop-not-null, adding-required-field
-- squawk-ignore-file constraint-missing-not-valid, adding-foreign-key-constraint
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Campaigns as people make and follow them: drafts step by step, why recipients failed, who answered and who left.

drop function if exists api.campanha_cancelar(uuid, text, uuid);
drop function if exists api.campanha_logs_listar(uuid, text, uuid, text, text, integer, text);
drop function if exists interno.campanha_avaliar(uuid, uuid, uuid[]);

-- a draft begins with its public; number and template come later
alter table public.campanhas
alter column conexao_id drop not null,
alter column modelo_id drop not null,
add constraint campanhas_completa_check check (
    status in ('RASCUNHO', 'CANCELADA') or (conexao_id is not null and modelo_id is not null)
) not valid;
call interno.restricao_validar('public.campanhas', 'campanhas_completa_check');
comment on constraint campanhas_completa_check on public.campanhas is 'ZRK16: falta escolher o modelo e o número da campanha';

create table public.campanhas_motivos (
    cliente_id uuid not null,
    campanha_id uuid not null,
    status text not null constraint campanhas_motivos_status_check check (status in (
        'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO'
    )),
    motivo text not null constraint campanhas_motivos_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    erro_codigo integer not null,
    total bigint not null,
    constraint campanhas_motivos_pkey primary key (cliente_id, campanha_id, status, motivo, erro_codigo),
    constraint campanhas_motivos_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id) on delete cascade
) with (fillfactor = 50);
comment on table public.campanhas_motivos is
'Quantos destinatários há por estado, motivo e código do provedor (0 = nenhum), mantido por gatilho de comando como campanhas_totais.';
call interno.isolar_tabela('public.campanhas_motivos');

-- rows come and never change: counting them reads the key alone, however large the campaign
create table public.campanhas_retornos (
    cliente_id uuid not null,
    campanha_id uuid not null,
    tipo text not null constraint campanhas_retornos_tipo_check check (tipo in ('RESPONDEU', 'SAIU')),
    contato_id uuid not null,
    ocorrido_em timestamptz not null,
    constraint campanhas_retornos_pkey primary key (cliente_id, campanha_id, tipo, contato_id),
    constraint campanhas_retornos_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id) on delete cascade,
    constraint campanhas_retornos_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id) on delete cascade
) with (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000);
create index campanhas_retornos_contato_id_idx on public.campanhas_retornos (cliente_id, contato_id);
comment on table public.campanhas_retornos is
'Quem respondeu (escreveu) ou saiu (recusou marketing) até sete dias depois de receber uma campanha; vale para a última que a pessoa recebeu.';
call interno.isolar_tabela('public.campanhas_retornos');

create index campanhas_log_motivo_idx on public.campanhas_log (cliente_id, campanha_id, motivo, id) where motivo is not null;

create function interno.tg_mensagens__retorno() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_consentimentos__retorno() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _060_retorno after insert on public.mensagens for each row
when (new.direcao = 'ENTRADA') execute function interno.tg_mensagens__retorno();
create trigger _060_retorno after insert on public.consentimentos for each row
when (new.acao = 'REVOGADO') execute function interno.tg_consentimentos__retorno();

insert into public.mensagens_motivos (motivo, texto, acoes) values
('CAMPANHA_CANCELADA', 'A campanha foi cancelada antes do envio', '{}'),
('DUPLICADO', 'O contato foi fundido com outro que já está na campanha', '{}'),
('VARIAVEL_FALTANDO', 'Falta no contato um dado que o modelo pede', '{REENVIAR}'),
('VARIAVEL_LONGA', 'Um dado do contato é longo demais para o modelo', '{REENVIAR}'),
('NAO_ENCONTRADO', 'Procurou-se no provedor, e o envio não estava lá', '{DECIDIR}')
on conflict (motivo) do nothing;

do $motivos$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.campanhas_motivos (cliente_id, campanha_id, status, motivo, erro_codigo, total)
        select l.cliente_id, l.campanha_id, l.status, l.motivo, coalesce(l.erro_codigo, 0), count(*)
        from public.campanhas_log as l
        where l.cliente_id = r_cliente.id and l.motivo is not null
        group by l.cliente_id, l.campanha_id, l.status, l.motivo, coalesce(l.erro_codigo, 0);
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$motivos$;
