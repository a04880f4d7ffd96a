/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short, and the product is stopped meanwhile)
-- Numbers that are a device at a UaiZap gateway: its state, its pace, and what the gateway's errors mean.

create table public.conexoes_instancias (
    cliente_id uuid not null,
    conexao_id uuid not null,
    url_base text not null
    constraint conexoes_instancias_url_base_check check (char_length(url_base) <= 300 and url_base ~ '^https?://[a-z0-9.:\[\]-]+$'),
    instancia text not null constraint conexoes_instancias_instancia_check check (char_length(instancia) between 1 and 100),
    administrada boolean not null default false,
    segredo_hash bytea not null constraint conexoes_instancias_segredo_hash_check check (octet_length(segredo_hash) = 32),
    segredo_anterior_hash bytea
    constraint conexoes_instancias_segredo_anterior_hash_check check (octet_length(segredo_anterior_hash) = 32),
    segredo_anterior_ate timestamptz,
    webhook_em timestamptz,
    status text not null default 'DESCONECTADA'
    constraint conexoes_instancias_status_check check (status in ('DESCONECTADA', 'CONECTANDO', 'CONECTADA', 'HIBERNADA')),
    status_motivo text constraint conexoes_instancias_status_motivo_check check (char_length(status_motivo) <= 300),
    status_em timestamptz not null default now(),
    jid text constraint conexoes_instancias_jid_check check (char_length(jid) <= 160),
    estreou_em timestamptz,
    intervalo_min_ms integer not null default 4000
    constraint conexoes_instancias_intervalo_min_ms_check check (intervalo_min_ms between 1000 and 600000),
    intervalo_max_ms integer not null default 9000
    constraint conexoes_instancias_intervalo_max_ms_check check (intervalo_max_ms between 1000 and 600000),
    resposta_min_ms integer not null default 1000
    constraint conexoes_instancias_resposta_min_ms_check check (resposta_min_ms between 200 and 60000),
    resposta_max_ms integer not null default 2000
    constraint conexoes_instancias_resposta_max_ms_check check (resposta_max_ms between 200 and 60000),
    maximo_por_minuto smallint not null default 15
    constraint conexoes_instancias_maximo_por_minuto_check check (maximo_por_minuto between 1 and 60),
    maximo_por_hora smallint not null default 300
    constraint conexoes_instancias_maximo_por_hora_check check (maximo_por_hora between 1 and 3600),
    novas_na_primeira_semana smallint not null default 50,
    novas_na_segunda_semana smallint not null default 100,
    novas_depois smallint not null default 200,
    fator_ritmo smallint not null default 1
    constraint conexoes_instancias_fator_ritmo_check check (fator_ritmo between 1 and 16),
    fator_desde timestamptz not null default '-infinity',
    proximo_envio_em timestamptz not null default '-infinity',
    proxima_resposta_em timestamptz not null default '-infinity',
    minuto timestamptz not null default '-infinity',
    minuto_total smallint not null default 0,
    hora timestamptz not null default '-infinity',
    hora_total smallint not null default 0,
    novas_dia date,
    novas_total smallint not null default 0,
    novas_suspensas_ate timestamptz not null default '-infinity',
    constraint conexoes_instancias_pkey primary key (cliente_id, conexao_id),
    constraint conexoes_instancias_intervalo_check check (intervalo_min_ms <= intervalo_max_ms and resposta_min_ms <= resposta_max_ms),
    constraint conexoes_instancias_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (fillfactor = 50);
comment on table public.conexoes_instancias is
'O aparelho de cada conexão UaiZap: onde vive, em que estado está e em que ritmo envia. segredo_hash = sha256 do segredo que faz parte do endereço do webhook; o anterior vale até o novo ser confirmado no servidor e por mais dois minutos. administrada: as credenciais têm também o token do servidor.';
comment on column public.conexoes_instancias.novas_na_primeira_semana is
'Quantas conversas novas por dia o robô e as campanhas podem começar na primeira semana do aparelho; depois valem as outras duas colunas.';
comment on column public.conexoes_instancias.fator_ritmo is
'Multiplica o intervalo entre envios: dobra quando o servidor limita e volta à metade a cada 15 minutos.';
comment on column public.conexoes_instancias.novas_suspensas_ate is
'Até quando o WhatsApp não deixa este número começar conversas (463); quem já escreveu continua recebendo.';
comment on constraint conexoes_instancias_cliente_id_conexao_id_fkey on public.conexoes_instancias is 'ZNX01: conexão não encontrada';
call interno.isolar_tabela('public.conexoes_instancias', 'crm_fila');
insert into public.transicoes (maquina, de, para)
select 'conexoes_instancias', a.antes, b.depois
from unnest(array['DESCONECTADA', 'CONECTANDO', 'CONECTADA', 'HIBERNADA']) as a (antes)
cross join unnest(array['DESCONECTADA', 'CONECTANDO', 'CONECTADA', 'HIBERNADA']) as b (depois)
where a.antes <> b.depois;
create trigger _010_transicao before update of status on public.conexoes_instancias for each row
when (old.status is distinct from new.status) execute function interno.tg_transicao();
-- a device that is not connected when somebody switches its number on again is in error at once
insert into public.transicoes (maquina, de, para) values ('conexoes', 'DESATIVADA', 'ERRO');

alter table public.contatos_identidades add column conferido_em timestamptz not null default now();
comment on column public.contatos_identidades.conferido_em is
'Quando o provedor confirmou este nome pela última vez; um JID vale por 30 dias sem perguntar de novo.';

insert into public.provedor_classes (classe, escopo, acao, efeito, espera_s, espera_fator, espera_maxima_s, texto) values
('NEW_CHAT_STOP', 'NUMERO', 'ADIAR', null, 600, 1, 600, 'O WhatsApp não deixa este número começar conversas por enquanto: a mensagem espera; quem já escreveu continua recebendo'),
('RATE_GATEWAY', 'NUMERO', 'ADIAR', null, 30, 2, 600, 'O servidor pediu calma: o ritmo do número caiu e a mensagem voltou à fila');

insert into public.provedor_erros (provedor, codigo, classe, prova_nao_envio, texto) values
('UAIZAP', 190, 'AUTH', true, 'As credenciais da conexão não abrem: informe-as de novo'),
('UAIZAP', 1400, 'REQUEST', true, 'O servidor UaiZap não aceitou a mensagem como está'),
('UAIZAP', 1401, 'AUTH', true, 'O servidor UaiZap recusou o token da instância'),
('UAIZAP', 1402, 'CONNECTION_DOWN', true, 'O aparelho não tem sessão ativa: conecte-o de novo'),
('UAIZAP', 1403, 'REQUEST', true, 'O servidor UaiZap não permite esta ação'),
('UAIZAP', 1404, 'AUTH', true, 'A instância não existe mais no servidor UaiZap'),
('UAIZAP', 1405, 'FEATURE', true, 'Este servidor UaiZap não tem este recurso'),
('UAIZAP', 1406, 'REQUEST', true, 'O servidor UaiZap não encontrou a mensagem ou a conversa citada'),
('UAIZAP', 1409, 'RATE_GATEWAY', true, 'O aparelho está ocupado: nova tentativa em instantes'),
('UAIZAP', 1413, 'MEDIA', true, 'O arquivo é grande demais para o UaiZap'),
('UAIZAP', 1415, 'MEDIA', true, 'O UaiZap não aceita este formato de arquivo'),
('UAIZAP', 1416, 'MEDIA', true, 'O UaiZap não conseguiu baixar o arquivo'),
('UAIZAP', 1417, 'MEDIA', true, 'O arquivo da mensagem não pôde ser lido'),
('UAIZAP', 1429, 'RATE_GATEWAY', true, 'O servidor UaiZap limitou o ritmo deste número'),
('UAIZAP', 1430, 'ACCOUNT_STOP', true, 'O servidor UaiZap atingiu o limite de aparelhos conectados'),
('UAIZAP', 1440, 'CONTACT', true, 'O número não está no WhatsApp'),
('UAIZAP', 1450, 'REQUEST', true, 'O UaiZap substituiria o que está entre chaves duplas nesta mensagem'),
('UAIZAP', 1451, 'FEATURE', true, 'Este tipo de mensagem não existe no UaiZap'),
('UAIZAP', 1452, 'REQUEST', true, 'O UaiZap não envia esta mensagem como ela está'),
('UAIZAP', 1463, 'NEW_CHAT_STOP', true, 'O WhatsApp restringiu este número: ele não pode começar conversas novas'),
('UAIZAP', 1490, 'AUTH', true, 'O endereço desta conexão não é de um servidor UaiZap aceito'),
('UAIZAP', 1500, 'PLATFORM', false, 'Falha no servidor UaiZap: não se sabe se a mensagem saiu'),
('UAIZAP', 1501, 'CONNECTION_DOWN', true, 'O aparelho está desconectado');

insert into public.provedor_erros_textos (provedor, ordem, http, trecho, codigo) values
('UAIZAP', 10, null, 'whatsapp_reachout_timelock', 1463),
('UAIZAP', 20, null, 'is not on whatsapp', 1440),
('UAIZAP', 30, 401, 'no active session', 1402),
('UAIZAP', 31, 401, '', 1401),
('UAIZAP', 40, 400, '', 1400),
('UAIZAP', 41, 403, '', 1403),
('UAIZAP', 42, 404, 'message', 1406),
('UAIZAP', 43, 404, 'chat', 1406),
('UAIZAP', 44, 404, '', 1404),
('UAIZAP', 45, 405, '', 1405),
('UAIZAP', 46, 409, '', 1409),
('UAIZAP', 47, 413, '', 1413),
('UAIZAP', 48, 415, '', 1415),
('UAIZAP', 49, 429, '', 1429),
('UAIZAP', 50, 501, '', 1405),
('UAIZAP', 60, 500, 'not connected', 1501),
('UAIZAP', 61, 500, 'disconnected', 1501),
('UAIZAP', 62, 500, 'no active session', 1402),
('UAIZAP', 63, 500, 'failed to download', 1416),
('UAIZAP', 70, 500, '', 1500),
('UAIZAP', 71, 502, '', 1500),
('UAIZAP', 72, 503, '', 1500),
('UAIZAP', 73, 504, '', 1500);
