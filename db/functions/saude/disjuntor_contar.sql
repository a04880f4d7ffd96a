/* pgmigrate-encoding: utf-8 */
create or replace function interno.disjuntor_contar(p_cliente_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_lote record;
    r_conta public.campanhas_disjuntor;
    r_protecao public.protecoes;
    v_maior integer;
begin
    for r_lote in
        with itens as (
            select i.value #>> '{alvo,campanha_id}' as campanha_id, i.n, i.value ->> 'classe' as classe,
                -- a failure that came by webhook is of a message already counted as sent
                case when i.value ->> 'falhou_em' is null then 1 else 0 end as envio,
                i.value ->> 'acao' = 'FALHOU' or i.value ->> 'acao' = 'MORTA' as falhou,
                coalesce(i.value ->> 'classe' in ('REQUEST', 'TEMPLATE_STOP'), false) as recusa
            from jsonb_array_elements(p_itens) with ordinality as i (value, n)
            where i.value #>> '{alvo,campanha_id}' is not null
                and (i.value ->> 'acao' in ('ENVIADO', 'FALHOU', 'MORTA') or i.value ->> 'classe' = 'TEMPLATE_STOP')
        ), corridas as (
            -- how many refusals stand between two that were none
            select c.campanha_id, c.corrida, count(*) filter (where c.recusa) as recusas, max(c.corrida) over (partition by c.campanha_id) as ultima
            from (
                select i.campanha_id, i.recusa, count(*) filter (where not i.recusa) over (partition by i.campanha_id order by i.n) as corrida
                from itens as i
            ) as c
            group by c.campanha_id, c.corrida
        )
        select i.campanha_id::uuid as campanha_id, sum(i.envio)::integer as envios, count(*) filter (where i.recusa)::integer as recusas,
            count(*) filter (where i.falhou)::integer as falhas,
            count(*) filter (where i.classe = 'CONTACT')::integer as bloqueios, count(*) filter (where i.classe = 'OPTOUT')::integer as optouts,
            coalesce((select c.recusas from corridas as c where c.campanha_id = i.campanha_id and c.corrida = 0), 0)::integer as primeira,
            (select max(c.recusas) from corridas as c where c.campanha_id = i.campanha_id)::integer as maior,
            (select c.recusas from corridas as c where c.campanha_id = i.campanha_id and c.corrida = c.ultima)::integer as final,
            bool_and(i.recusa) as so_recusas
        from itens as i
        group by i.campanha_id
        -- in the order of the key, so that two batches wait for each other instead of deadlocking
        order by i.campanha_id::uuid
    loop
        r_protecao := interno.protecao_obter(p_cliente_id, r_lote.campanha_id);
        insert into public.campanhas_disjuntor as d (cliente_id, campanha_id) values (p_cliente_id, r_lote.campanha_id)
        on conflict (cliente_id, campanha_id) do update set campanha_id = d.campanha_id
        returning d.* into r_conta;
        v_maior := greatest(r_lote.maior, r_conta.seguidas + r_lote.primeira);
        r_conta.seguidas := case when r_lote.so_recusas then r_conta.seguidas + r_lote.recusas else r_lote.final end;
        r_conta := interno.disjuntor_somar(r_conta, r_protecao.amostra, array[
            r_lote.envios, r_lote.recusas, r_lote.falhas, r_lote.bloqueios, r_lote.optouts
        ]);
        update public.campanhas_disjuntor as d
        set seguidas = r_conta.seguidas, envios = r_conta.envios, recusas = r_conta.recusas, falhas = r_conta.falhas,
            bloqueios = r_conta.bloqueios, optouts = r_conta.optouts, envios_antes = r_conta.envios_antes,
            recusas_antes = r_conta.recusas_antes, falhas_antes = r_conta.falhas_antes,
            bloqueios_antes = r_conta.bloqueios_antes, optouts_antes = r_conta.optouts_antes
        where d.cliente_id = p_cliente_id and d.campanha_id = r_lote.campanha_id;
        perform interno.campanha_parar(p_cliente_id, r_lote.campanha_id, v.motivo, null, v.texto)
        from interno.disjuntor_avaliar(r_conta, r_protecao, v_maior) as v
        where v.motivo is not null;
    end loop;
end
$$;
comment on function interno.disjuntor_contar(uuid, jsonb) is
'Conta, por campanha, as respostas de um lote já classificado ([{acao, classe, falhou_em?, alvo: {campanha_id, …}}], na ordem em que vieram) e pausa a que passou de um limite de protecoes.
Erros: nenhum.
Efeitos: campanhas_disjuntor, protecoes, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
