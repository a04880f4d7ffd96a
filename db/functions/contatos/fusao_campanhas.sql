/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_campanhas(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_par record;
begin
    -- in both: of two that are still to come one goes; beside one that may have gone, none
    for r_par in
        select x.id, to_jsonb(x.status) as status
        from public.campanhas_log as d
        join public.campanhas_log as a on a.cliente_id = p_cliente_id and a.campanha_id = d.campanha_id and a.contato_id = p_para
        cross join lateral (
            values
            (d.id, d.status, a.status not in ('FALHOU', 'PULADO')),
            (a.id, a.status, d.status not in ('FALHOU', 'PULADO', 'PENDENTE', 'RESERVADO'))
        ) as x (id, status, sobra)
        where d.cliente_id = p_cliente_id and d.contato_id = p_de and x.sobra and x.status in ('PENDENTE', 'RESERVADO')
        order by x.id
    loop
        update public.campanhas_log as l set status = 'PULADO', motivo = 'DUPLICADO', atualizado_em = v_agora
        where l.cliente_id = p_cliente_id and l.id = r_par.id and l.status in ('PENDENTE', 'RESERVADO');
        if found then
            perform interno.fusao_anotar(p_cliente_id, p_fusao_id, 'campanhas_puladas', r_par.id,
                jsonb_build_object('status', r_par.status), jsonb_build_object('status', 'PULADO'));
        end if;
    end loop;
    with movidos as (
        update public.campanhas_log as l set contato_id = p_para
        where l.cliente_id = p_cliente_id and l.contato_id = p_de and not exists (
            select from public.campanhas_log as o
            where o.cliente_id = p_cliente_id and o.campanha_id = l.campanha_id and o.contato_id = p_para
        )
        returning l.id
    ), escolhidos as (
        update public.campanhas_publico as p set contato_id = p_para
        where p.cliente_id = p_cliente_id and p.contato_id = p_de and not exists (
            select from public.campanhas_publico as o
            where o.cliente_id = p_cliente_id and o.campanha_id = p.campanha_id and o.contato_id = p_para
        )
        returning p.campanha_id
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id)
    select p_cliente_id, p_fusao_id, 'campanhas_log', m.id from movidos as m
    union all
    select p_cliente_id, p_fusao_id, 'campanhas_publico', e.campanha_id from escolhidos as e;
end
$$;
comment on function interno.fusao_campanhas(uuid, uuid, uuid, uuid) is
'Leva um contato como destinatário de campanhas a outro. Onde os dois são destinatários, a pessoa recebe uma vez: o que sobra fica PULADO (DUPLICADO).
Erros: nenhum.
Efeitos: campanhas_log, campanhas_totais, campanhas_publico, contatos_fusoes_itens.
Desde: 0.3.0';
