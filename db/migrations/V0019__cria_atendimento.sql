/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation, adding-required-field
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Working hours and holidays, how much each person takes, and the queue in the order in which it is served.

create extension if not exists btree_gist with schema public;

create table public.calendarios (
    cliente_id uuid not null constraint calendarios_cliente_id_fkey references public.clientes (id),
    id uuid not null default uuidv7(),
    nome text not null constraint calendarios_nome_check check (char_length(nome) between 2 and 80),
    fuso text not null constraint calendarios_fuso_check check (char_length(fuso) between 1 and 60),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint calendarios_pkey primary key (cliente_id, id),
    constraint calendarios_cliente_id_nome_key unique (cliente_id, nome)
);
comment on table public.calendarios is 'Horários de atendimento, no fuso de quem atende.';
comment on constraint calendarios_cliente_id_nome_key on public.calendarios is 'ZCA01: já existe um calendário com este nome';
call interno.isolar_tabela('public.calendarios');
create trigger _020_atualizado before update on public.calendarios for each row execute function interno.tg_atualizado();

create table public.calendarios_faixas (
    cliente_id uuid not null,
    calendario_id uuid not null,
    dia smallint not null constraint calendarios_faixas_dia_check check (dia between 1 and 7),
    inicio smallint not null constraint calendarios_faixas_inicio_check check (inicio between 0 and 1439),
    fim smallint not null,
    constraint calendarios_faixas_pkey primary key (cliente_id, calendario_id, dia, inicio),
    constraint calendarios_faixas_fim_check check (fim > inicio and fim <= 1440),
    -- two people who save at once cannot make one hour count twice
    constraint calendarios_faixas_sobrepostas_excl exclude using gist (
        cliente_id with =, calendario_id with =, dia with =, int4range(inicio, fim) with &&
    ),
    constraint calendarios_faixas_cliente_id_calendario_id_fkey
    foreign key (cliente_id, calendario_id) references public.calendarios (cliente_id, id) on delete cascade
);
comment on table public.calendarios_faixas is 'Quando um calendário está aberto. dia: 1 = segunda a 7 = domingo; inicio e fim em minutos desde a meia-noite, fim fora.';
comment on constraint calendarios_faixas_fim_check on public.calendarios_faixas is 'ZRA01: o fim precisa vir depois do início, no mesmo dia (até 24:00)';
comment on constraint calendarios_faixas_sobrepostas_excl on public.calendarios_faixas is 'ZCA02: duas faixas do mesmo dia se sobrepõem';
call interno.isolar_tabela('public.calendarios_faixas');

create table public.feriados (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    calendario_id uuid not null,
    data date not null constraint feriados_data_check check (data between '1970-01-01' and '2199-12-31'),
    nome text not null constraint feriados_nome_check check (char_length(nome) between 2 and 80),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint feriados_pkey primary key (cliente_id, id),
    constraint feriados_cliente_id_calendario_id_data_key unique (cliente_id, calendario_id, data),
    constraint feriados_cliente_id_calendario_id_fkey
    foreign key (cliente_id, calendario_id) references public.calendarios (cliente_id, id) on delete cascade
);
comment on table public.feriados is 'Dias em que as faixas da semana não valem: fechado, ou aberto só nas de feriados_faixas.';
comment on constraint feriados_cliente_id_calendario_id_data_key on public.feriados is 'ZCA03: este calendário já tem um feriado nesta data';
comment on constraint feriados_data_check on public.feriados is 'ZRA02: a data precisa estar entre 1970 e 2199';
call interno.isolar_tabela('public.feriados');
create trigger _020_atualizado before update on public.feriados for each row execute function interno.tg_atualizado();

create table public.feriados_faixas (
    cliente_id uuid not null,
    feriado_id uuid not null,
    inicio smallint not null constraint feriados_faixas_inicio_check check (inicio between 0 and 1439),
    fim smallint not null,
    constraint feriados_faixas_pkey primary key (cliente_id, feriado_id, inicio),
    constraint feriados_faixas_fim_check check (fim > inicio and fim <= 1440),
    constraint feriados_faixas_sobrepostas_excl exclude using gist (
        cliente_id with =, feriado_id with =, int4range(inicio, fim) with &&
    ),
    constraint feriados_faixas_cliente_id_feriado_id_fkey
    foreign key (cliente_id, feriado_id) references public.feriados (cliente_id, id) on delete cascade
);
comment on table public.feriados_faixas is 'Quando se abre num feriado que não é de todo fechado.';
comment on constraint feriados_faixas_fim_check on public.feriados_faixas is 'ZRA01: o fim precisa vir depois do início, no mesmo dia (até 24:00)';
comment on constraint feriados_faixas_sobrepostas_excl on public.feriados_faixas is 'ZCA02: duas faixas do mesmo dia se sobrepõem';
call interno.isolar_tabela('public.feriados_faixas');

alter table public.equipes
add column calendario_id uuid,
add column distribuicao text not null default 'MANUAL'
constraint equipes_distribuicao_check check (distribuicao in ('MANUAL', 'AUTOMATICA')),
add constraint equipes_cliente_id_calendario_id_fkey
foreign key (cliente_id, calendario_id) references public.calendarios (cliente_id, id) not valid;
call interno.restricao_validar('public.equipes', 'equipes_cliente_id_calendario_id_fkey');
create index equipes_calendario_id_idx on public.equipes (cliente_id, calendario_id);
comment on constraint equipes_cliente_id_calendario_id_fkey on public.equipes is 'ZNA01: calendário não encontrado';
comment on column public.equipes.calendario_id is 'Quando a equipe atende; nulo = sempre.';
comment on column public.equipes.distribuicao is 'MANUAL = cada um pede a próxima conversa; AUTOMATICA = ela é dada a quem tem vaga.';

alter table public.usuarios
add column capacidade integer not null default 5 constraint usuarios_capacidade_check check (capacidade between 0 and 200),
add column disponibilidade text not null default 'DISPONIVEL'
constraint usuarios_disponibilidade_check check (disponibilidade in ('DISPONIVEL', 'PAUSA', 'AUSENTE')),
add column disponibilidade_motivo text
constraint usuarios_disponibilidade_motivo_check check (char_length(disponibilidade_motivo) between 1 and 100),
add column disponibilidade_em timestamptz not null default now(),
add column recebeu_em timestamptz;
comment on column public.usuarios.capacidade is 'Quantas conversas em atendimento a fila lhe dá ao mesmo tempo.';
comment on column public.usuarios.disponibilidade is 'O que a pessoa diz de si (a presença, que a conexão diz, não está no banco).';
comment on column public.usuarios.recebeu_em is 'Quando a fila lhe deu uma conversa por último.';
-- what a person says of herself is not an edit: it must not make somebody's open form stale
drop trigger _020_atualizado on public.usuarios;
create trigger _020_atualizado before update of perfil_id, nome, email, ativo, capacidade on public.usuarios
for each row execute function interno.tg_atualizado();

alter table public.conversas
add column dono_id uuid,
add column dono_ate timestamptz,
add column prioridade_ordem smallint not null generated always as (
    case prioridade when 'URGENTE' then 1 when 'ALTA' then 2 when 'NORMAL' then 3 else 4 end
) stored,
add column espera_em timestamptz generated always as (coalesce(espera_desde, fila_em)) stored,
add constraint conversas_dono_check check (dono_id is null or dono_ate is not null) not valid,
add constraint conversas_cliente_id_dono_id_fkey
foreign key (cliente_id, dono_id) references public.usuarios (cliente_id, id) not valid;
call interno.restricao_validar('public.conversas', 'conversas_dono_check');
call interno.restricao_validar('public.conversas', 'conversas_cliente_id_dono_id_fkey');
comment on column public.conversas.dono_id is 'Quem a atendeu antes e por quem ela espera até dono_ate; até lá a fila não a dá a outra pessoa.';
comment on column public.conversas.prioridade_ordem is 'A prioridade como número: a menor é servida primeiro.';
comment on column public.conversas.espera_em is 'Desde quando espera, para a ordem da fila: a primeira mensagem sem resposta ou, se não há, quando ficou sem dono.';
-- only what waits: it costs the queue, whatever the history
create index conversas_fila_idx on public.conversas (cliente_id, equipe_id, prioridade_ordem, espera_em, id)
where usuario_id is null and dono_id is null and status = 'ABERTA' and controle <> 'BOT'
and (ultima_entrada_em is not null or versao > 1);
create index conversas_dono_id_idx on public.conversas (cliente_id, dono_id, prioridade_ordem, espera_em) where dono_id is not null;
create index conversas_vivas_idx on public.conversas (cliente_id, equipe_id, status, usuario_id) where status <> 'RESOLVIDA';

create function interno.tg_conversas__dono() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _040_dono before update of usuario_id, equipe_id, status on public.conversas
for each row when (old.dono_id is not null) execute function interno.tg_conversas__dono();
create function interno.tg_conversas__equipe() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _005_equipe before insert on public.conversas
for each row when (new.usuario_id is null and new.equipe_id is null) execute function interno.tg_conversas__equipe();
create function interno.tg_usuarios__soltar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _040_soltar after update of ativo, disponibilidade on public.usuarios
for each row when (not new.ativo or new.disponibilidade = 'AUSENTE') execute function interno.tg_usuarios__soltar();
create function interno.tg_equipes_membros__soltar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _040_soltar after delete on public.equipes_membros
for each row execute function interno.tg_equipes_membros__soltar();

create function interno.tg_conversas__distribuir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_distribuir after update of usuario_id, equipe_id, status, controle, dono_id, ultima_entrada_em on public.conversas
for each row when (
    (old.usuario_id, old.equipe_id, old.status, old.controle, old.dono_id, old.ultima_entrada_em is null)
    is distinct from (new.usuario_id, new.equipe_id, new.status, new.controle, new.dono_id, new.ultima_entrada_em is null)
) execute function interno.tg_conversas__distribuir();
create function interno.tg_usuarios__distribuir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_distribuir after update of ativo, disponibilidade, capacidade on public.usuarios
for each row when (
    new.ativo and new.disponibilidade = 'DISPONIVEL'
    and (not old.ativo or old.disponibilidade <> 'DISPONIVEL' or new.capacidade > old.capacidade)
) execute function interno.tg_usuarios__distribuir();
create function interno.tg_equipes_membros__distribuir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_distribuir after insert on public.equipes_membros
for each row execute function interno.tg_equipes_membros__distribuir();
create function interno.tg_equipes__distribuir() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _050_distribuir after update of distribuicao, calendario_id, ativo on public.equipes
for each row when (
    new.ativo and new.distribuicao = 'AUTOMATICA'
    and (old.distribuicao, old.calendario_id, old.ativo) is distinct from (new.distribuicao, new.calendario_id, new.ativo)
) execute function interno.tg_equipes__distribuir();

insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('dono_vencer', 'Fim da espera por quem atendia', 'conversas', 'FILA', 'ABERTA'),
('conversa_distribuir', 'Distribuição de conversa que espera', 'conversas', 'FILA', 'ABERTA'),
('atendente_distribuir', 'Distribuição a quem tem vaga', 'usuarios', 'FILA', null);
do $tipos$
begin
    -- the catalogue says which kinds there are: no migration has to know those of the others
    execute format(
        'alter table public.fila drop constraint fila_tipo_check, add constraint fila_tipo_check check (tipo in (%s)) not valid',
        (select string_agg(quote_literal(t.tipo), ', ' order by t.tipo) from public.fila_tipos as t)
    );
end
$tipos$;
call interno.restricao_validar('public.fila', 'fila_tipo_check');
