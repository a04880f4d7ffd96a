/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, ban-drop-constraint, constraint-missing-not-valid, require-concurrent-index-creation, require-concurrent-index-deletion
-- (one transaction, as pgmigrate runs it: the tables concerned are rewritten or short, and the product is stopped meanwhile)
-- One engine for everything that is sent: what an error means, order inside a conversation, the pair rule, strikes, and
-- work that the edge does.

-- A foreign key is checked by a query of the table's owner, and forced row security would show it no rows at all (or
-- refuse without a tenant). The owner looks past the policies for this one check; nobody else can meanwhile: the lock is
-- exclusive until the end.
create procedure interno.restricao_validar(p_tabela regclass, p_restricao text)
language plpgsql set search_path = ''
as $$
declare
    v_pai regclass := (
        select nullif(c.confrelid, 0) from pg_catalog.pg_constraint as c where c.conrelid = p_tabela and c.conname = p_restricao
    );
    v_tabelas regclass[] := array(
        select c.oid::regclass from pg_catalog.pg_class as c where c.oid in (p_tabela, v_pai) and c.relforcerowsecurity
    );
    v_tabela regclass;
begin
    foreach v_tabela in array v_tabelas loop
        execute format('alter table %s no force row level security', v_tabela);
    end loop;
    execute format('alter table %s validate constraint %I', p_tabela, p_restricao);
    foreach v_tabela in array v_tabelas loop
        execute format('alter table %s force row level security', v_tabela);
    end loop;
end
$$;
revoke execute on procedure interno.restricao_validar(regclass, text) from public;
comment on procedure interno.restricao_validar (regclass, text) is
'Valida uma restrição NOT VALID de tabela com RLS forçada, sobre as linhas de todos os clientes.
Erros: 23503, 23514 quando alguma linha a viola.
Efeitos: a restrição fica válida; trava exclusiva na tabela e na referida até o fim da transação.
Desde: 0.2.0';

create table public.provedor_classes (
    classe text constraint provedor_classes_pkey primary key constraint provedor_classes_classe_check check (classe ~ '^[A-Z_]{3,30}$'),
    escopo text not null constraint provedor_classes_escopo_check check (escopo in (
        'MENSAGEM', 'CONTATO', 'PAR', 'NUMERO', 'CONTA', 'MODELO', 'PROVEDOR'
    )),
    acao text not null constraint provedor_classes_acao_check check (acao in ('FALHAR', 'REPETIR', 'ADIAR', 'DEVOLVER')),
    efeito text constraint provedor_classes_efeito_check check (efeito in (
        'CONEXAO_ERRO', 'CONEXAO_PAUSAR', 'CONTA_PAUSAR', 'MODELO_PARAR', 'NUMERO_SUSPENDER', 'OPTOUT', 'CONTATO_FALHA', 'PAR_ESPERAR',
        'DISJUNTOR'
    )),
    espera_s integer not null constraint provedor_classes_espera_s_check check (espera_s between 1 and 86400),
    espera_fator smallint not null default 1 constraint provedor_classes_espera_fator_check check (espera_fator between 1 and 10),
    espera_maxima_s integer not null default 86400
    constraint provedor_classes_espera_maxima_s_check check (espera_maxima_s between 1 and 86400),
    texto text not null constraint provedor_classes_texto_check check (char_length(texto) between 5 and 300)
);
comment on table public.provedor_classes is
'O que o sistema faz diante de cada classe de erro. acao: FALHAR = definitivo; REPETIR = nova tentativa, contando; ADIAR = nova tentativa, sem contar; DEVOLVER = volta a esperar até alguém resolver. a espera antes da tentativa n é espera_s * espera_fator^(n-1) segundos, no máximo espera_maxima_s. texto: o que uma pessoa lê sobre o que foi feito.';

insert into public.provedor_classes (classe, escopo, acao, efeito, espera_s, espera_fator, espera_maxima_s, texto) values
('AUTH', 'NUMERO', 'DEVOLVER', 'CONEXAO_ERRO', 1, 1, 1, 'A conexão foi parada até a credencial ser corrigida; nada se perde'),
('RATE_NUMBER', 'NUMERO', 'ADIAR', 'NUMERO_SUSPENDER', 1, 2, 4, 'O ritmo do número foi reduzido e a mensagem voltou à fila'),
('RATE_PAIR', 'PAR', 'ADIAR', 'PAR_ESPERAR', 1, 4, 256, 'As mensagens para esta pessoa esperam; as outras seguem'),
('RATE_ACCOUNT', 'CONTA', 'ADIAR', 'NUMERO_SUSPENDER', 60, 2, 3600, 'O número espera o limite de chamadas da conta'),
('PLATFORM', 'PROVEDOR', 'REPETIR', 'NUMERO_SUSPENDER', 5, 5, 600, 'Nova tentativa automática com espera crescente'),
('DEFER', 'CONTATO', 'FALHAR', null, 86400, 1, 86400, 'Não foi insistido: o WhatsApp pediu para esperar pelo menos um dia'),
('WINDOW', 'CONTATO', 'FALHAR', null, 1, 1, 1, 'Só um modelo aprovado pode ser enviado fora da janela de 24 horas'),
('OPTOUT', 'CONTATO', 'FALHAR', 'OPTOUT', 1, 1, 1, 'A pessoa não recebe mais marketing desta empresa'),
('CONTACT', 'CONTATO', 'FALHAR', 'CONTATO_FALHA', 1, 1, 1, 'A falha foi anotada no contato'),
('NUMBER_STOP', 'NUMERO', 'DEVOLVER', 'CONEXAO_PAUSAR', 1, 1, 1, 'O número foi pausado até alguém o reativar; nada se perde'),
('ACCOUNT_STOP', 'CONTA', 'DEVOLVER', 'CONTA_PAUSAR', 1, 1, 1, 'Todos os números da conta foram pausados; nada se perde'),
('TEMPLATE_STOP', 'MODELO', 'DEVOLVER', 'MODELO_PARAR', 1, 1, 1, 'O modelo e as campanhas que o usam foram pausados'),
('REQUEST', 'MENSAGEM', 'FALHAR', 'DISJUNTOR', 1, 1, 1, 'A mensagem não pode ser aceita como está'),
('MEDIA', 'MENSAGEM', 'REPETIR', null, 2, 2, 60, 'A mídia é enviada de novo, uma vez'),
('FEATURE', 'MENSAGEM', 'FALHAR', null, 1, 1, 1, 'Este recurso não está disponível neste número'),
('CONNECTION_DOWN', 'NUMERO', 'DEVOLVER', 'CONEXAO_ERRO', 1, 1, 1, 'O aparelho está desconectado: a fila espera a reconexão');

alter table public.provedor_erros drop constraint provedor_erros_classe_check;
alter table public.provedor_erros
add constraint provedor_erros_classe_check check (char_length(classe) <= 30) not valid,
add constraint provedor_erros_classe_fkey
foreign key (classe) references public.provedor_classes (classe) not valid;
alter table public.provedor_erros validate constraint provedor_erros_classe_fkey;
alter table public.provedor_erros validate constraint provedor_erros_classe_check;
create index provedor_erros_classe_idx on public.provedor_erros (classe);

-- a provider without codes tells by status and words; which words mean what is data, too
create table public.provedor_erros_textos (
    provedor text not null constraint provedor_erros_textos_provedor_check check (char_length(provedor) <= 20),
    ordem smallint not null,
    http integer constraint provedor_erros_textos_http_check check (http between 100 and 599),
    trecho text not null default '' constraint provedor_erros_textos_trecho_check check (char_length(trecho) <= 100 and trecho = lower(trecho)),
    codigo integer not null,
    constraint provedor_erros_textos_pkey primary key (provedor, ordem),
    constraint provedor_erros_textos_provedor_codigo_fkey foreign key (provedor, codigo) references public.provedor_erros (provedor, codigo)
);
create index provedor_erros_textos_codigo_idx on public.provedor_erros_textos (provedor, codigo);
comment on table public.provedor_erros_textos is
'Que código nosso corresponde a um status HTTP (nulo = qualquer) e um trecho, em minúsculas, do texto de erro; vale a primeira linha, por ordem, que casar.';

create table public.ocorrencias (
    cliente_id uuid not null constraint ocorrencias_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    escopo text not null constraint ocorrencias_escopo_check check (escopo in ('CONEXAO', 'CAMPANHA', 'MODELO', 'CONTATO', 'CONTA')),
    alvo_id uuid not null,
    conexao_id uuid,
    motivo text not null constraint ocorrencias_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
    erro_codigo integer,
    texto text not null constraint ocorrencias_texto_check check (char_length(texto) between 3 and 500),
    ocorrido_em timestamptz not null default now(),
    constraint ocorrencias_pkey primary key (cliente_id, id),
    constraint ocorrencias_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
);
create index ocorrencias_conexao_id_idx on public.ocorrencias (cliente_id, conexao_id, id);
create index ocorrencias_alvo_id_idx on public.ocorrencias (cliente_id, escopo, alvo_id, id);
comment on table public.ocorrencias is
'O que o sistema decidiu sozinho sobre uma conexão, campanha, modelo, conta ou contato, quando e por quê: pausas, suspensões, falhas anotadas, segunda tentativa com o nono dígito.';
call interno.isolar_tabela('public.ocorrencias');

create table public.contatos_falhas (
    cliente_id uuid not null,
    contato_id uuid not null,
    forma text not null constraint contatos_falhas_forma_check check (char_length(forma) between 3 and 200),
    dia date not null,
    conexao_id uuid not null,
    erro_codigo integer not null,
    ocorrido_em timestamptz not null default now(),
    constraint contatos_falhas_pkey primary key (cliente_id, contato_id, forma, dia),
    constraint contatos_falhas_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id),
    constraint contatos_falhas_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
);
create index contatos_falhas_conexao_id_idx on public.contatos_falhas (cliente_id, conexao_id);
comment on table public.contatos_falhas is
'Dias em que o provedor disse que não entrega a uma forma (com ou sem nono dígito) do número de um contato. Dois dias, ou as duas formas, e o contato passa a ser sem WhatsApp.';
call interno.isolar_tabela('public.contatos_falhas');

create table public.pares (
    cliente_id uuid not null,
    conexao_id uuid not null,
    contato_id uuid not null,
    rajada_em timestamptz not null default '-infinity',
    quitado_em timestamptz not null,
    recusas smallint not null default 0 constraint pares_recusas_check check (recusas between 0 and 10),
    livre_em timestamptz not null default '-infinity',
    constraint pares_pkey primary key (cliente_id, conexao_id, contato_id),
    constraint pares_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id),
    constraint pares_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id)
) with (fillfactor = 70);
create index pares_contato_id_idx on public.pares (cliente_id, contato_id);
comment on table public.pares is
'Ritmo entre um número e uma pessoa: cada mensagem empurra quitado_em em 6 s. Numa rajada, que começa em rajada_em e dura 6 s, até 45 saem adiantadas; depois, só quando a dívida estiver quitada. livre_em: espera imposta por uma recusa do provedor (4^recusas segundos).';
call interno.isolar_tabela('public.pares');

alter table public.conversas add column ordem_ultima bigint not null default 0;
comment on column public.conversas.ordem_ultima is
'Contador das mensagens de saída; sobe sob a trava da conversa, e por isso a ordem dele é a ordem do commit.';

alter table public.mensagens drop constraint mensagens_status_check;
alter table public.mensagens
add constraint mensagens_status_check check (status in (
    'RECEBIDA', 'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO'
)) not valid,
add column origem text not null default 'HUMANO'
constraint mensagens_origem_check check (origem in ('HUMANO', 'BOT', 'AGENDADA', 'APARELHO', 'CONTATO')),
add column ordem bigint,
add column contexto_id uuid,
add column modelo_id uuid,
add column motivo text constraint mensagens_motivo_check check (motivo ~ '^[A-Z0-9_]{3,40}$'),
add column erro_codigo integer,
add column erro_texto text constraint mensagens_erro_texto_check check (char_length(erro_texto) <= 500),
add column tentativas smallint not null default 0,
add column tentativa_id uuid,
add column enviado_em timestamptz,
add column entregue_em timestamptz,
add column lido_em timestamptz,
add column atualizado_em timestamptz not null default now(),
add constraint mensagens_motivo_presente_check check (status not in ('PULADO', 'FALHOU') or motivo is not null) not valid,
add constraint mensagens_cliente_id_contexto_id_fkey
foreign key (cliente_id, contexto_id) references public.mensagens (cliente_id, id) not valid,
add constraint mensagens_cliente_id_modelo_id_fkey
foreign key (cliente_id, modelo_id) references public.modelos (cliente_id, id) not valid;
call interno.restricao_validar('public.mensagens', 'mensagens_status_check');
call interno.restricao_validar('public.mensagens', 'mensagens_motivo_presente_check');
call interno.restricao_validar('public.mensagens', 'mensagens_cliente_id_contexto_id_fkey');
call interno.restricao_validar('public.mensagens', 'mensagens_cliente_id_modelo_id_fkey');
create index mensagens_contexto_id_idx on public.mensagens (cliente_id, contexto_id) where contexto_id is not null;
create index mensagens_modelo_id_idx on public.mensagens (cliente_id, modelo_id) where modelo_id is not null;
create index mensagens_incertas_idx on public.mensagens (cliente_id, id) where status = 'INCERTO';
comment on column public.mensagens.ordem is 'Posição entre as mensagens de saída da conversa (conversas.ordem_ultima).';
insert into public.transicoes (maquina, de, para) values
('mensagens', 'PENDENTE', 'RESERVADO'), ('mensagens', 'PENDENTE', 'PULADO'), ('mensagens', 'PENDENTE', 'ENVIADO'),
('mensagens', 'RESERVADO', 'ENVIADO'), ('mensagens', 'RESERVADO', 'PENDENTE'), ('mensagens', 'RESERVADO', 'ENVIANDO'),
('mensagens', 'RESERVADO', 'PULADO'), ('mensagens', 'RESERVADO', 'FALHOU'),
('mensagens', 'ENVIANDO', 'ENVIADO'), ('mensagens', 'ENVIANDO', 'INCERTO'), ('mensagens', 'ENVIANDO', 'FALHOU'),
('mensagens', 'ENVIANDO', 'RESERVADO'), ('mensagens', 'ENVIANDO', 'PENDENTE'),
('mensagens', 'INCERTO', 'ENVIADO'), ('mensagens', 'INCERTO', 'FALHOU'), ('mensagens', 'INCERTO', 'RESERVADO'),
('mensagens', 'ENVIADO', 'FALHOU'), ('mensagens', 'FALHOU', 'ENVIADO'), ('mensagens', 'FALHOU', 'RESERVADO'),
('mensagens', 'FALHOU', 'PENDENTE'), ('mensagens', 'PULADO', 'PENDENTE'),
('campanhas_log', 'INCERTO', 'PENDENTE');
create trigger _010_transicao before update of status on public.mensagens for each row
when (old.status is distinct from new.status) execute function interno.tg_transicao();

create index campanhas_log_incertos_idx on public.campanhas_log (cliente_id, id) where status = 'INCERTO';

-- an attempt belongs to a recipient of a campaign or to a message; the generated columns carry the foreign keys
alter table public.tentativas drop constraint tentativas_cliente_id_alvo_id_fkey;
alter table public.tentativas
add column alvo_tipo text not null default 'CAMPANHA'
constraint tentativas_alvo_tipo_check check (alvo_tipo in ('CAMPANHA', 'MENSAGEM')),
add column para text constraint tentativas_para_check check (char_length(para) <= 200),
add column campanha_log_id uuid generated always as (case alvo_tipo when 'CAMPANHA' then alvo_id end) stored,
add column mensagem_id uuid generated always as (case alvo_tipo when 'MENSAGEM' then alvo_id end) stored,
add constraint tentativas_cliente_id_campanha_log_id_fkey
foreign key (cliente_id, campanha_log_id) references public.campanhas_log (cliente_id, id) not valid,
add constraint tentativas_cliente_id_mensagem_id_fkey
foreign key (cliente_id, mensagem_id) references public.mensagens (cliente_id, id) not valid;
call interno.restricao_validar('public.tentativas', 'tentativas_cliente_id_campanha_log_id_fkey');
call interno.restricao_validar('public.tentativas', 'tentativas_cliente_id_mensagem_id_fkey');
create index tentativas_mensagem_id_idx on public.tentativas (cliente_id, mensagem_id) where mensagem_id is not null;
comment on column public.tentativas.para is 'A quem foi pedido o envio: dígitos, BSUID ou JID. Dado pessoal.';

alter table public.fila drop constraint fila_tipo_check;
alter table public.fila
add column execucao text generated always as (
    case
        when tipo in ('campanha_enviar', 'mensagem_enviar') then 'ENVIO'
        when tipo in ('midia_baixar', 'midia_subir', 'envio_reconciliar', 'leitura_marcar', 'digitando_mostrar', 'conexao_consultar') then 'BORDA'
        else 'BANCO'
    end
) stored,
add column chave_ordem uuid,
add column ordem bigint,
add constraint fila_tipo_check check (tipo in (
    'campanha_enviar', 'mensagem_enviar', 'campanha_iniciar', 'campanha_alimentar', 'webhook_processar', 'agendada_disparar',
    'midia_baixar', 'midia_subir', 'envio_reconciliar', 'leitura_marcar', 'digitando_mostrar', 'conexao_consultar'
)) not valid,
add constraint fila_conexao_presente_check check (execucao = 'BANCO' or conexao_id is not null) not valid,
add constraint fila_ordem_presente_check check (chave_ordem is null or ordem is not null) not valid,
add constraint fila_cliente_id_chave_ordem_fkey
foreign key (cliente_id, chave_ordem) references public.conversas (cliente_id, id) not valid;
call interno.restricao_validar('public.fila', 'fila_tipo_check');
call interno.restricao_validar('public.fila', 'fila_conexao_presente_check');
call interno.restricao_validar('public.fila', 'fila_ordem_presente_check');
call interno.restricao_validar('public.fila', 'fila_cliente_id_chave_ordem_fkey');
drop index public.fila_pronta_idx;
create index fila_pronta_idx on public.fila (cliente_id, conexao_id, prioridade, executar_em, id)
where reservado_ate is null and execucao = 'ENVIO';
drop index public.fila_interna_idx;
create index fila_interna_idx on public.fila (cliente_id, executar_em, id) where reservado_ate is null and execucao = 'BANCO';
create index fila_borda_idx on public.fila (cliente_id, conexao_id, prioridade, executar_em, id)
where reservado_ate is null and execucao = 'BORDA';
create unique index fila_ordem_idx on public.fila (cliente_id, chave_ordem, ordem) where chave_ordem is not null;
comment on column public.fila.execucao is
'Quem faz: ENVIO = worker, com vaga do limitador; BORDA = worker, sem vaga (mídia, leitura, reconciliação); BANCO = uma função, numa transação.';
comment on column public.fila.chave_ordem is
'A conversa cuja ordem este trabalho respeita: não se reserva enquanto houver outro dela, de ordem menor, na fila.';

insert into public.permissoes (codigo, descricao) values
('conversas:ler', 'Ver conversas e mensagens'),
('conversas:responder', 'Enviar, agendar e marcar como lidas as mensagens de uma conversa'),
('entregas:revisar', 'Decidir sobre envios sem confirmação'),
('fila:gerir', 'Reenfileirar e descartar o que desistiu');
-- the profiles that every tenant was born with get what their like gets from now on (interno.perfis_padrao_criar)
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
        where p.cliente_id = r_cliente.id and pm.codigo in ('conversas:ler', 'conversas:responder', 'entregas:revisar', 'fila:gerir')
            and (p.codigo in ('ADMINISTRADOR', 'SUPERVISOR') or (p.codigo = 'ATENDENTE' and pm.codigo like 'conversas:%'))
        on conflict do nothing;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$perfis$;
