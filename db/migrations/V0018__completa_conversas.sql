/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, ban-drop-constraint, ban-drop-function, constraint-missing-not-valid, require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- What makes a conversation hold together: why it was resolved, who may be serving it in each state, and its history.

-- released signatures that gained an argument
drop function if exists api.mensagem_enviar(uuid, text, uuid, text, jsonb, uuid, text);
drop function if exists api.instancia_atualizar(uuid, text, uuid, integer, text, text, text, boolean, bytea);
drop function if exists api.conexao_atualizar(uuid, text, uuid, integer, text, integer, text, text, bytea, bytea, bytea);

create table public.motivos_resolucao (
    cliente_id uuid not null,
    id uuid not null default uuidv7(),
    nome text not null constraint motivos_resolucao_nome_check check (char_length(nome) between 2 and 80),
    ativo boolean not null default true,
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint motivos_resolucao_pkey primary key (cliente_id, id),
    constraint motivos_resolucao_cliente_id_nome_key unique (cliente_id, nome),
    constraint motivos_resolucao_cliente_id_fkey foreign key (cliente_id) references public.clientes (id)
);
comment on table public.motivos_resolucao is 'Por que se resolve uma conversa, nas palavras de cada cliente; um inativo só fica no que já foi resolvido com ele.';
comment on constraint motivos_resolucao_cliente_id_nome_key on public.motivos_resolucao is 'ZCV21: já existe um motivo com este nome';
comment on constraint motivos_resolucao_nome_check on public.motivos_resolucao is 'ZRV60: o nome do motivo tem de 2 a 80 caracteres';
call interno.isolar_tabela('public.motivos_resolucao');
create trigger _020_atualizado before update on public.motivos_resolucao for each row execute function interno.tg_atualizado();

alter table public.conversas
add column motivo_id uuid,
add constraint conversas_cliente_id_motivo_id_fkey
foreign key (cliente_id, motivo_id) references public.motivos_resolucao (cliente_id, id) not valid;
create index conversas_motivo_id_idx on public.conversas (cliente_id, motivo_id);
comment on column public.conversas.motivo_id is 'Por que foi resolvida; nulo em qualquer outro estado.';
comment on constraint conversas_cliente_id_motivo_id_fkey on public.conversas is 'ZNV20: motivo de resolução não encontrado';

-- what there is, made to hold, before anything watches over it
do $corrigir$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.motivos_resolucao (cliente_id, nome)
        select r_cliente.id, n.nome
        from unnest(array['Resolvido', 'Sem resposta da pessoa', 'Não era atendimento', 'Duplicada']) as n (nome);
        update public.conversas as v set status = 'ABERTA'
        where v.cliente_id = r_cliente.id and (
            (v.status in ('EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE') and v.usuario_id is null) or (v.status = 'ADIADA' and v.adiada_ate is null)
        );
        update public.conversas as v
        set fila_em = case when v.usuario_id is null then coalesce(v.fila_em, v.ultima_mensagem_em) end,
            atribuida_em = case when v.usuario_id is not null then coalesce(v.atribuida_em, v.atualizado_em) end,
            controle = case when v.usuario_id is not null then 'HUMANO' when v.controle = 'HUMANO' then 'FILA' else v.controle end,
            adiada_ate = case when v.status = 'ADIADA' then v.adiada_ate end,
            resolvida_em = case when v.status = 'RESOLVIDA' then coalesce(v.resolvida_em, v.atualizado_em) end,
            motivo_id = case when v.status = 'RESOLVIDA' then (
                select m.id from public.motivos_resolucao as m where m.cliente_id = r_cliente.id and m.nome = 'Resolvido'
            ) end
        where v.cliente_id = r_cliente.id;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$corrigir$;

alter table public.conversas
add constraint conversas_servida_check check (status not in ('EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE') or usuario_id is not null) not valid,
add constraint conversas_adiada_check check ((status = 'ADIADA') = (adiada_ate is not null)) not valid,
add constraint conversas_resolvida_check check (
    (status = 'RESOLVIDA') = (resolvida_em is not null) and (status = 'RESOLVIDA') = (motivo_id is not null)
) not valid,
add constraint conversas_fila_check check ((usuario_id is null) = (fila_em is not null)) not valid,
add constraint conversas_atribuida_check check ((usuario_id is null) = (atribuida_em is null)) not valid,
add constraint conversas_voz_check check ((usuario_id is not null) = (controle = 'HUMANO')) not valid;
call interno.restricao_validar('public.conversas', 'conversas_cliente_id_motivo_id_fkey');
call interno.restricao_validar('public.conversas', 'conversas_servida_check');
call interno.restricao_validar('public.conversas', 'conversas_adiada_check');
call interno.restricao_validar('public.conversas', 'conversas_resolvida_check');
call interno.restricao_validar('public.conversas', 'conversas_fila_check');
call interno.restricao_validar('public.conversas', 'conversas_atribuida_check');
call interno.restricao_validar('public.conversas', 'conversas_voz_check');
comment on constraint conversas_servida_check on public.conversas is 'ZRV61: uma conversa em atendimento tem quem a atende';
comment on constraint conversas_adiada_check on public.conversas is 'ZRV62: uma conversa adiada tem hora para voltar';
comment on constraint conversas_resolvida_check on public.conversas is 'ZRV63: uma conversa se resolve com um motivo';

create function interno.tg_conversas__derivar() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create trigger _015_derivar
before insert or update of status, usuario_id, equipe_id, controle, fila_em, atribuida_em, adiada_ate, resolvida_em, motivo_id
on public.conversas for each row execute function interno.tg_conversas__derivar();
drop trigger _020_atualizado on public.conversas;
create trigger _020_atualizado
before update of status, usuario_id, equipe_id, controle, prioridade, adiada_ate on public.conversas
for each row execute function interno.tg_atualizado();
create function interno.tg_conversas__historiar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _040_historiar after update of status, usuario_id, equipe_id, prioridade, adiada_ate on public.conversas
for each row when (
    (old.status, old.usuario_id, old.equipe_id, old.prioridade, old.adiada_ate)
    is distinct from (new.status, new.usuario_id, new.equipe_id, new.prioridade, new.adiada_ate)
) execute function interno.tg_conversas__historiar();
create function interno.tg_conversas_etiquetas__historiar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _040_historiar after insert or delete on public.conversas_etiquetas
for each row execute function interno.tg_conversas_etiquetas__historiar();

-- who resolves may take it back, and who reopens may take it
insert into public.transicoes (maquina, de, para) values ('conversas', 'RESOLVIDA', 'EM_ATENDIMENTO');

-- a snooze ends by itself
alter table public.fila drop constraint fila_tipo_check;
alter table public.fila
add constraint fila_tipo_check check (tipo in (
    'campanha_enviar', 'mensagem_enviar', 'campanha_iniciar', 'campanha_alimentar', 'webhook_processar', 'agendada_disparar',
    'midia_baixar', 'midia_subir', 'envio_reconciliar', 'leitura_marcar', 'digitando_mostrar', 'conexao_consultar',
    'conversa_acordar'
)) not valid;
call interno.restricao_validar('public.fila', 'fila_tipo_check');
insert into public.fila_tipos (tipo, texto, alvo, volta, estados) values
('conversa_acordar', 'Volta de conversa adiada', 'conversas', 'FILA', 'ADIADA');
