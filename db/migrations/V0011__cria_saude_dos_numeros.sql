/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short, and the product is stopped meanwhile)
-- How each number is doing: what comes in, what the provider allows, and what stops a campaign by itself.

create table public.entradas_segundo (
    cliente_id uuid not null,
    conexao_id uuid not null,
    posicao smallint not null constraint entradas_segundo_posicao_check check (posicao between 0 and 127),
    segundo bigint not null,
    total integer not null constraint entradas_segundo_total_check check (total > 0),
    constraint entradas_segundo_pkey primary key (cliente_id, conexao_id, posicao),
    constraint entradas_segundo_cliente_id_conexao_id_fkey
    foreign key (cliente_id, conexao_id) references public.conexoes (cliente_id, id)
) with (fillfactor = 50);
comment on table public.entradas_segundo is
'Mensagens que chegaram a um número em cada segundo (época Unix, pela hora do provedor), num anel de 128 posições: o segundo novo toma o lugar do que saiu da janela, e nada precisa ser podado.';
call interno.isolar_tabela('public.entradas_segundo');

alter table public.limites
add column freio integer constraint limites_freio_check check (freio between 15 and 1000),
add column freado_em timestamptz not null default '-infinity';
comment on column public.limites.freio is
'Teto logo depois da última recusa por excesso (130429); sobe 1/s a cada 3 s até não limitar mais. Nulo = nunca freado.';

alter table public.conexoes
add column qualidade_em timestamptz not null default '-infinity',
add column nome_verificado text constraint conexoes_nome_verificado_check check (char_length(nome_verificado) <= 200),
add column nome_em timestamptz not null default '-infinity',
add column saude_envio text constraint conexoes_saude_envio_check check (saude_envio in ('AVAILABLE', 'LIMITED', 'BLOCKED')),
add column consultada_em timestamptz;
comment on column public.conexoes.qualidade_em is 'A que hora do provedor se refere a qualidade: notícia mais velha não a desfaz. nome_em: o mesmo, do nome verificado.';
comment on column public.conexoes.saude_envio is 'Se o provedor diz que o número pode enviar (health_status), na última consulta.';

alter table public.modelos
add column qualidade text not null default 'UNKNOWN'
constraint modelos_qualidade_check check (qualidade in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
add column qualidade_em timestamptz not null default '-infinity',
add column categoria_em timestamptz not null default '-infinity',
add column componentes_em timestamptz not null default '-infinity';
comment on column public.modelos.qualidade_em is 'Hora do provedor da última notícia de qualidade; categoria_em e componentes_em valem o mesmo para as suas colunas.';
-- what the provider thinks of a template is no edit of it, and must not make an older notice of its status look late
drop trigger _020_atualizado on public.modelos;
create trigger _020_atualizado before update of
    id_externo, nome, idioma, status, formato, componentes, variaveis
on public.modelos for each row execute function interno.tg_atualizado();

create table public.portfolios (
    cliente_id uuid not null constraint portfolios_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    conta_id_externa text not null constraint portfolios_conta_id_externa_check check (conta_id_externa ~ '^[0-9]{5,30}$'),
    limite_24h integer constraint portfolios_limite_24h_check check (limite_24h between 0 and 10000000),
    origem text not null constraint portfolios_origem_check check (origem in ('AVISO', 'CONSULTA')),
    limite_em timestamptz not null,
    restricao text constraint portfolios_restricao_check check (char_length(restricao) <= 100),
    restricao_ate timestamptz,
    restricao_em timestamptz not null default '-infinity',
    atualizado_em timestamptz not null default now(),
    constraint portfolios_pkey primary key (cliente_id, id),
    constraint portfolios_cliente_id_conta_id_externa_key unique (cliente_id, conta_id_externa)
);
comment on table public.portfolios is
'O que se sabe de uma conta do WhatsApp (WABA), comum a todos os seus números. limite_24h: pessoas distintas que se pode procurar, fora da janela de atendimento, em 24 h móveis; nulo = sem limite conhecido. limite_em: hora do provedor.';
comment on constraint portfolios_cliente_id_conta_id_externa_key on public.portfolios is 'ZCX04: esta conta já está registrada';
call interno.isolar_tabela('public.portfolios');

create table public.portfolio_contatos (
    cliente_id uuid not null,
    portfolio_id uuid not null,
    contato_id uuid not null,
    ultimo_em timestamptz not null,
    constraint portfolio_contatos_pkey primary key (cliente_id, portfolio_id, contato_id),
    constraint portfolio_contatos_cliente_id_portfolio_id_fkey
    foreign key (cliente_id, portfolio_id) references public.portfolios (cliente_id, id),
    constraint portfolio_contatos_cliente_id_contato_id_fkey
    foreign key (cliente_id, contato_id) references public.contatos (cliente_id, id)
) with (fillfactor = 70);
create index portfolio_contatos_ultimo_em_idx on public.portfolio_contatos (cliente_id, portfolio_id, ultimo_em);
comment on table public.portfolio_contatos is
'Pessoas procuradas por uma conta (modelo fora da janela de atendimento) e quando foi a última vez: as das últimas 24 h contam no limite. Só se escreve para contas com limite.';
call interno.isolar_tabela('public.portfolio_contatos');

create table public.protecoes (
    cliente_id uuid not null constraint protecoes_cliente_id_fkey references public.clientes (id),
    alvo_id uuid not null,
    amostra integer not null default 100 constraint protecoes_amostra_check check (amostra between 20 and 100000),
    seguidas smallint not null default 20 constraint protecoes_seguidas_check check (seguidas between 2 and 1000),
    recusas_pct smallint not null default 50 constraint protecoes_recusas_pct_check check (recusas_pct between 1 and 101),
    falhas_pct smallint not null default 30 constraint protecoes_falhas_pct_check check (falhas_pct between 1 and 101),
    bloqueios_pct smallint not null default 25 constraint protecoes_bloqueios_pct_check check (bloqueios_pct between 1 and 101),
    optout_pct smallint not null default 3 constraint protecoes_optout_pct_check check (optout_pct between 1 and 101),
    divisor_amarelo smallint not null default 2 constraint protecoes_divisor_amarelo_check check (divisor_amarelo between 1 and 20),
    constraint protecoes_pkey primary key (cliente_id, alvo_id)
);
comment on table public.protecoes is
'Quando uma campanha para sozinha. alvo_id: uma campanha, ou o próprio cliente para todas as outras; sem linha valem os padrões das colunas. amostra: envios recentes que se olham; seguidas e recusas_pct: recusas do pedido ou do modelo; falhas_pct, bloqueios_pct (não entregáveis) e optout_pct: do que se mandou; 101 = nunca. divisor_amarelo: por quanto se divide o ritmo de uma campanha com número ou modelo em qualidade amarela.';
call interno.isolar_tabela('public.protecoes');

create table public.campanhas_disjuntor (
    cliente_id uuid not null,
    campanha_id uuid not null,
    seguidas integer not null default 0,
    envios integer not null default 0,
    recusas integer not null default 0,
    falhas integer not null default 0,
    bloqueios integer not null default 0,
    optouts integer not null default 0,
    envios_antes integer not null default 0,
    recusas_antes integer not null default 0,
    falhas_antes integer not null default 0,
    bloqueios_antes integer not null default 0,
    optouts_antes integer not null default 0,
    constraint campanhas_disjuntor_pkey primary key (cliente_id, campanha_id),
    constraint campanhas_disjuntor_cliente_id_campanha_id_fkey
    foreign key (cliente_id, campanha_id) references public.campanhas (cliente_id, id)
) with (fillfactor = 50);
comment on table public.campanhas_disjuntor is
'Contas dos envios recentes de uma campanha, em dois blocos de amostra envios: o que se enche e o anterior (_antes). Retomar a campanha apaga a linha.';
call interno.isolar_tabela('public.campanhas_disjuntor');

-- the numbers that are already connected are asked about from now on, as those that will be
do $consultas$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
        select r_cliente.id, 'conexao_consultar', x.id, 7, now(), x.id
        from public.conexoes as x
        where x.cliente_id = r_cliente.id and x.provedor = 'META_API' and x.status <> 'DESATIVADA' and x.removido_em is null
        on conflict (cliente_id, tipo, alvo_id) do nothing;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$consultas$;
