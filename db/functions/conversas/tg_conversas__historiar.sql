/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__historiar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_de jsonb := jsonb_build_object(
        'status', old.status, 'usuarioId', old.usuario_id, 'equipeId', old.equipe_id, 'prioridade', old.prioridade,
        'adiadaAte', old.adiada_ate, 'motivoId', old.motivo_id
    );
    v_para jsonb := jsonb_build_object(
        'status', new.status, 'usuarioId', new.usuario_id, 'equipeId', new.equipe_id, 'prioridade', new.prioridade,
        'adiadaAte', new.adiada_ate, 'motivoId', new.motivo_id
    );
begin
    insert into public.conversas_historico (cliente_id, conversa_id, tipo, usuario_id, dados, ocorrido_em)
    select new.cliente_id, new.id, case
            when new.status = 'RESOLVIDA' and old.status <> 'RESOLVIDA' then 'RESOLVIDA'
            when old.status = 'RESOLVIDA' and new.status <> 'RESOLVIDA' then 'REABERTA'
            when new.adiada_ate is distinct from old.adiada_ate and new.status = 'ADIADA' then 'ADIADA'
            when new.usuario_id is not null and new.usuario_id is distinct from old.usuario_id then case
                when new.usuario_id = interno.usuario_corrente() then 'ASSUMIDA' when old.usuario_id is null then 'ATRIBUIDA' else 'TRANSFERIDA'
            end
            when new.equipe_id is distinct from old.equipe_id then 'TRANSFERIDA'
            when new.usuario_id is distinct from old.usuario_id then 'LIBERADA'
            when new.status is distinct from old.status then case new.status when 'AGUARDANDO_CLIENTE' then 'AGUARDANDO' else 'RETOMADA' end
            else 'PRIORIDADE'
        end, interno.usuario_corrente(), jsonb_build_object(
            'de', coalesce((select jsonb_object_agg(d.key, d.value) from jsonb_each(v_de) as d where d.value <> v_para -> d.key), '{}'),
            'para', coalesce((select jsonb_object_agg(p.key, p.value) from jsonb_each(v_para) as p where p.value <> v_de -> p.key), '{}'),
            'motivo', coalesce(nullif(current_setting('app.conversa_motivo', true), ''), (
                select m.nome from public.motivos_resolucao as m where m.cliente_id = new.cliente_id and m.id = new.motivo_id
            ))
        ), v_agora;
    return null;
end
$$;
comment on function interno.tg_conversas__historiar() is
'Escreve no histórico o que mudou numa conversa (estado, dono, equipe, prioridade, hora de voltar), de quê, para quê, por quem e por quê; o porquê vem de app.conversa_motivo (conversa_gravar).
Erros: nenhum.
Efeitos: conversas_historico.
Desde: 0.3.0';
