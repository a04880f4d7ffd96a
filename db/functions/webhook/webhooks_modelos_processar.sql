/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_modelos_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_aviso record;
begin
    for r_aviso in
        select m.id, a.evento
        from public.webhooks_recebidos as w
        cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*]') with ordinality as e (value, n)
        cross join lateral jsonb_path_query(e.value, '$.changes[*]') with ordinality as c (value, n)
        cross join lateral (
            select upper(c.value #>> '{value,event}') as evento,
                -- without a time of its own it is as old as its arrival: read again later, it is no news
                case when e.value ->> 'time' ~ '^[0-9]{9,10}$' then to_timestamp((e.value ->> 'time')::bigint) else w.recebido_em end as ocorrido_em
        ) as a
        join public.modelos as m on m.cliente_id = p_cliente_id and m.conexao_id = w.conexao_id
            and m.id_externo = c.value #>> '{value,message_template_id}'
        where w.cliente_id = p_cliente_id and w.id = any (p_ids)
            and c.value ->> 'field' = 'message_template_status_update' and a.evento ~ '^[A-Z_]{3,30}$'
            -- a late or repeated notice does not undo what is known since (a minute for the clocks)
            and a.ocorrido_em > m.atualizado_em - interval '1 minute'
        order by a.ocorrido_em, w.id, e.n, c.n
    loop
        if r_aviso.evento in ('APPROVED', 'REINSTATED') then
            update public.modelos as m set status = 'APPROVED'
            where m.cliente_id = p_cliente_id and m.id = r_aviso.id and m.status <> 'APPROVED';
        else
            perform interno.modelo_parar(p_cliente_id, r_aviso.id, r_aviso.evento, 'O WhatsApp mudou o modelo para ' || r_aviso.evento);
        end if;
    end loop;
end
$$;
comment on function interno.webhooks_modelos_processar(uuid, uuid[]) is
'Aplica mudanças de estado de modelos anunciadas pela Meta, na ordem em que ela diz que houve; um modelo que deixa de estar aprovado pausa suas campanhas.
Erros: nenhum.
Efeitos: modelos, campanhas, campanhas_log, fila, eventos.
Desde: 0.1.0';
