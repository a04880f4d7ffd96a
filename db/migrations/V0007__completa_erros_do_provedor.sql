/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, ban-drop-constraint, constraint-missing-not-valid
-- (short tables without row security, in one transaction, while the product is stopped)
-- Everything that a provider's answer decides, as rows: how long a number rests, how often a class is tried, whole
-- families of codes, and what our own side can say of a send.

alter table public.provedor_classes drop constraint provedor_classes_espera_s_check;
alter table public.provedor_classes drop constraint provedor_classes_espera_maxima_s_check;
alter table public.provedor_classes drop constraint provedor_classes_efeito_check;
alter table public.provedor_classes
add constraint provedor_classes_espera_s_check check (espera_s between 0 and 86400),
add constraint provedor_classes_espera_maxima_s_check check (espera_maxima_s between 0 and 86400),
add constraint provedor_classes_efeito_check check (efeito in (
    'CONEXAO_ERRO', 'CONEXAO_PAUSAR', 'CONTA_PAUSAR', 'MODELO_PARAR', 'NUMERO_SUSPENDER', 'OPTOUT', 'CONTATO_FALHA', 'PAR_ESPERAR',
    'DISJUNTOR', 'MIDIA_ESQUECER'
)),
add column tentativas_maximas smallint
constraint provedor_classes_tentativas_maximas_check check (tentativas_maximas between 1 and 10),
add column suspensao_ms integer not null default 250
constraint provedor_classes_suspensao_ms_check check (suspensao_ms between 1 and 3600000),
add column suspensao_maxima_s integer not null default 60
constraint provedor_classes_suspensao_maxima_s_check check (suspensao_maxima_s between 1 and 86400);
comment on column public.provedor_classes.tentativas_maximas is
'Quantas vezes se tenta, ao todo, diante desta classe; nulo = o que o trabalho da fila permite.';
comment on column public.provedor_classes.suspensao_ms is
'Com NUMERO_SUSPENDER, o número descansa suspensao_ms * 2^(falhas seguidas), no máximo suspensao_maxima_s; uma aceitação zera as falhas.';

update public.provedor_classes set suspensao_ms = 1000, suspensao_maxima_s = 4 where classe = 'RATE_NUMBER';
update public.provedor_classes set suspensao_ms = 60000, suspensao_maxima_s = 3600 where classe = 'RATE_ACCOUNT';
update public.provedor_classes set tentativas_maximas = 2, efeito = 'MIDIA_ESQUECER' where classe = 'MEDIA';
insert into public.provedor_classes (classe, escopo, acao, efeito, espera_s, espera_fator, espera_maxima_s, texto) values
('TRANSPORT', 'PROVEDOR', 'ADIAR', 'NUMERO_SUSPENDER', 1, 2, 60, 'O provedor não respondeu e nada foi enviado: nova tentativa sem contar'),
('NO_SLOT', 'NUMERO', 'ADIAR', null, 0, 1, 1, 'A vez do número não chegou a tempo: a mensagem voltou à fila');

alter table public.provedor_erros add column outra_forma boolean not null default false;
comment on column public.provedor_erros.outra_forma is
'Diz que esta forma do número não recebe: um celular brasileiro ainda pode ser tentado, uma vez, com ou sem o nono dígito.';
update public.provedor_erros set outra_forma = true where provedor = 'META_API' and codigo = 131026;

insert into public.provedor_erros (provedor, codigo, classe, prova_nao_envio, texto) values
('META_API', -1, 'REQUEST', true, 'A mensagem não pôde ser montada como está'),
('UAIZAP', -1, 'REQUEST', true, 'A mensagem não pôde ser montada como está'),
('META_API', 131020, 'FEATURE', true, 'Grupos não estão disponíveis neste número'),
('META_API', 131041, 'FEATURE', true, 'Grupos não estão disponíveis neste número'),
('META_API', 131044, 'ACCOUNT_STOP', true, 'Problema de pagamento para chamadas na conta do WhatsApp'),
('META_API', 131059, 'FEATURE', true, 'Grupos não estão disponíveis neste número'),
('META_API', 131200, 'FEATURE', true, 'Grupos não estão disponíveis neste número'),
('META_API', 138000, 'FEATURE', true, 'Chamadas não estão disponíveis neste número'),
('META_API', 139000, 'FEATURE', true, 'Fluxos não estão disponíveis neste número'),
('META_API', 139100, 'FEATURE', true, 'O bloqueio de pessoas não está disponível neste número'),
('META_API', 147000, 'FEATURE', true, 'Nomes de usuário não estão disponíveis neste número'),
('META_API', 2388012, 'REQUEST', true, 'A migração do número não pode ser feita assim'),
('META_API', 2388091, 'REQUEST', true, 'A migração do número não pode ser feita assim'),
('META_API', 2388093, 'REQUEST', true, 'A migração do número não pode ser feita assim'),
('META_API', 2388103, 'REQUEST', true, 'A migração do número não pode ser feita assim'),
('META_API', 2494164, 'REQUEST', true, 'O cadastro incorporado não pode ser feito assim'),
('META_API', 2593107, 'RATE_ACCOUNT', true, 'Limite de sincronização do aplicativo do celular atingido'),
('META_API', 2593108, 'RATE_ACCOUNT', true, 'Limite de sincronização do aplicativo do celular atingido');

-- a family of codes, or a code that its subcode turns into another
create table public.provedor_erros_faixas (
    provedor text not null,
    de integer not null,
    ate integer not null,
    subcodigo integer not null default -1,
    codigo integer not null,
    constraint provedor_erros_faixas_pkey primary key (provedor, de, subcodigo),
    constraint provedor_erros_faixas_ate_check check (ate >= de),
    constraint provedor_erros_faixas_provedor_check check (char_length(provedor) <= 20),
    constraint provedor_erros_faixas_provedor_codigo_fkey
    foreign key (provedor, codigo) references public.provedor_erros (provedor, codigo)
);
create index provedor_erros_faixas_codigo_idx on public.provedor_erros_faixas (provedor, codigo);
comment on table public.provedor_erros_faixas is
'Códigos do provedor, de .. ate, que valem o mesmo que codigo; subcodigo -1 = qualquer um. O par exato de código e subcódigo vence; depois o próprio código em provedor_erros; depois a faixa.';
insert into public.provedor_erros_faixas (provedor, de, ate, subcodigo, codigo) values
('META_API', 100, 100, 33, 33),
('META_API', 200, 299, -1, 200),
('META_API', 131201, 131215, -1, 131200),
('META_API', 138000, 138018, -1, 138000),
('META_API', 139000, 139004, -1, 139000),
('META_API', 139100, 139103, -1, 139100),
('META_API', 147001, 147005, -1, 147000),
('META_API', 2494164, 2494179, -1, 2494164);

-- news that comes after a refusal: what waits or was given up, and yet had gone out, or had failed
insert into public.transicoes (maquina, de, para) values
('campanhas_log', 'PULADO', 'ENVIADO'), ('campanhas_log', 'PENDENTE', 'FALHOU'),
('mensagens', 'PULADO', 'ENVIADO'), ('mensagens', 'PENDENTE', 'FALHOU'), ('mensagens', 'PENDENTE', 'ENVIANDO'),
('mensagens', 'PULADO', 'RESERVADO');
