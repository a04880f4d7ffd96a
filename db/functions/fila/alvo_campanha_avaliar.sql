/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_campanha_avaliar(p_cliente_id uuid, p_filas uuid[], p_agora timestamptz)
returns table (
    fila_id uuid, alvo_id uuid, alvo_tipo text, contato_id uuid, telefone text, tentativa_id uuid, veredito text, motivo text,
    tipo text, conteudo jsonb, contexto_id uuid, modelo_id uuid, abre_par boolean, midias uuid[]
)
language plpgsql volatile security invoker set search_path = '' rows 10
as $$
#variable_conflict use_column
declare
    -- before the rows are looked at: what is answered here holds until the intent is committed
    v_recusas uuid[] := interno.marketing_recusas(p_cliente_id, array(
        select l.contato_id
        from public.fila as f
        join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = f.alvo_id
        join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
        join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
        where f.cliente_id = p_cliente_id and f.id = any (p_filas) and f.tipo = 'campanha_enviar' and m.categoria = 'MARKETING'
    ));
begin
    -- plpgsql keeps its plan between calls; planned every time, this costs more than it does
    return query
    select f.id, l.id, 'CAMPANHA', l.contato_id, l.telefone, l.tentativa_id,
        case
            when l.status <> 'RESERVADO' then 'RETIRAR'
            when x.motivo is not null then 'PULAR'
            when k.status <> 'EM_ANDAMENTO' or m.status <> 'APPROVED' or f.expira_em <= p_agora then 'DEVOLVER'
            when r.motivo is not null then 'PULAR'
            else 'ENVIAR'
        end,
        coalesce(x.motivo, r.motivo),
        'MODELO', jsonb_build_object('parametros', l.parametros), null::uuid, m.id, false,
        interno.conteudo_midias(jsonb_build_object('parametros', l.parametros))
    from public.fila as f
    join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = f.alvo_id
    join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
    cross join lateral (select case when k.status = 'CANCELADA' then 'CAMPANHA_CANCELADA' end as motivo) as x
    cross join lateral (
        select case
            when c.removido_em is not null then 'REMOVIDO'
            when c.bloqueado then 'BLOQUEADO'
            when m.categoria = 'MARKETING' and c.id = any (v_recusas) then 'OPTOUT'
        end as motivo
    ) as r
    where f.cliente_id = p_cliente_id and f.id = any (p_filas) and f.tipo = 'campanha_enviar'
    order by f.id
    for update of l;
end
$$;
comment on function interno.alvo_campanha_avaliar(uuid, uuid[], timestamptz) is
'Diz o que fazer de cada destinatário de campanha que está para ser enviado: ENVIAR, DEVOLVER (volta a esperar na campanha), PULAR (com motivo) ou RETIRAR (o destinatário já seguiu outro caminho).
Erros: nenhum.
Efeitos: trava de linha em campanhas_log, de leitura nos contatos de marketing.
Desde: 0.2.0';
