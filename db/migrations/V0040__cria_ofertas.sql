/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation, ban-drop-function
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- A team's queue may ask a person for some seconds whether she takes a conversation, before it asks the next.

alter table public.equipes
add column oferta_segundos integer not null default 0
constraint equipes_oferta_segundos_check check (oferta_segundos = 0 or oferta_segundos between 5 and 120);
comment on column public.equipes.oferta_segundos is
'Na distribuição AUTOMATICA: por quantos segundos cada conversa é oferecida a uma pessoa antes de passar à seguinte; 0 = é dada logo.';
comment on constraint equipes_oferta_segundos_check on public.equipes is 'ZRA04: ofereça por 5 a 120 segundos, ou 0 para dar logo';
comment on column public.usuarios.recebeu_em is 'Quando a fila lhe deu, ou ofereceu, uma conversa por último.';

create table public.ofertas (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    conversa_id uuid not null,
    usuario_id uuid not null,
    oferecida_em timestamptz not null default now(),
    expira_em timestamptz not null,
    fim text constraint ofertas_fim_check check (fim in ('ACEITA', 'RECUSADA', 'VENCIDA', 'ENCERRADA')),
    encerrada_em timestamptz,
    atual boolean not null default true,
    constraint ofertas_pkey primary key (cliente_id, id),
    constraint ofertas_encerrada_em_check check ((fim is null) = (encerrada_em is null)),
    constraint ofertas_atual_check check (atual or fim is not null),
    constraint ofertas_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade,
    constraint ofertas_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
comment on table public.ofertas is
'A que pessoa uma conversa que espera é oferecida, e até quando. Viva enquanto fim é nulo: uma por conversa e uma por pessoa, e ocupa uma vaga dela. A conversa continua na fila: quem a pega encerra a oferta. As terminadas de uma pessoa somem quando outra lhe é oferecida, passado um dia.';
comment on column public.ofertas.fim is 'ACEITA e RECUSADA pela pessoa; VENCIDA pelo tempo; ENCERRADA porque a conversa, a pessoa ou a equipe mudou.';
comment on column public.ofertas.atual is 'Se a conversa ainda espera na fila em que foi oferecida: a quem já coube nesta espera só cabe outra vez depois dos outros.';
create unique index ofertas_conversa_id_viva_idx on public.ofertas (cliente_id, conversa_id) where fim is null;
create unique index ofertas_usuario_id_viva_idx on public.ofertas (cliente_id, usuario_id) where fim is null;
create index ofertas_conversa_id_idx on public.ofertas (cliente_id, conversa_id, usuario_id);
create index ofertas_usuario_id_idx on public.ofertas (cliente_id, usuario_id, encerrada_em);
call interno.isolar_tabela('public.ofertas');
insert into public.eventos_tipos (tipo, namespaces) values ('oferta_mudou', '{}');
call interno.eventos_seguir('public.ofertas', 'oferta_mudou', 'usuario_id', 'PESSOA', null, 'atual', 'insert update');

create function interno.tg_conversas__ofertas() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _045_ofertas after update of usuario_id, equipe_id, status, controle, dono_id on public.conversas
for each row when (
    old.usuario_id is null and old.status = 'ABERTA'
    and (old.usuario_id, old.equipe_id, old.status, old.controle, old.dono_id)
    is distinct from (new.usuario_id, new.equipe_id, new.status, new.controle, new.dono_id)
) execute function interno.tg_conversas__ofertas();
create function interno.tg_usuarios__ofertas() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _045_ofertas after update of ativo, disponibilidade, perfil_id on public.usuarios
for each row when (not new.ativo or new.disponibilidade <> 'DISPONIVEL' or new.perfil_id <> old.perfil_id)
execute function interno.tg_usuarios__ofertas();
create function interno.tg_perfis_permissoes__ofertas() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _045_ofertas after delete on public.perfis_permissoes
for each row when (old.permissao = 'conversas:responder') execute function interno.tg_perfis_permissoes__ofertas();
create function interno.tg_equipes__ofertas() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _045_ofertas after update of ativo, distribuicao, oferta_segundos on public.equipes
for each row when (
    (not new.ativo or new.distribuicao <> 'AUTOMATICA' or new.oferta_segundos = 0)
    and (old.ativo, old.distribuicao, old.oferta_segundos) is distinct from (new.ativo, new.distribuicao, new.oferta_segundos)
) execute function interno.tg_equipes__ofertas();

-- takes how long to offer, too
drop function if exists api.equipe_atendimento_atualizar(uuid, text, uuid, uuid, text, integer);

insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('oferta_vencer', 'Fim de uma oferta da fila', 'conversas', 'FILA', 'ABERTA');
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
