/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_alvos(p_cliente_id uuid, p_itens jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb;
begin
    if not jsonb_path_exists(p_itens, '$[*] ? (@.tipo == "REACAO" || @.tipo == "EDICAO" || @.tipo == "EXCLUSAO")') then
        return p_itens;
    end if;
    -- a message of ours may get its name at this very moment: whoever comes second sees the other
    perform pg_advisory_xact_lock(t.trava)
    from (
        select distinct interno.mensagem_trava((i.value ->> 'conexaoId')::uuid, i.value ->> 'contextoIdExterno') as trava
        from jsonb_array_elements(p_itens) as i (value)
        where i.value ->> 'tipo' in ('REACAO', 'EDICAO', 'EXCLUSAO') and i.value ->> 'contextoIdExterno' is not null
        order by trava
    ) as t;
    with itens as materialized (
        select i.n, i.value as item, (i.value ->> 'conexaoId')::uuid as conexao_id, (i.value ->> 'contatoId')::uuid as contato_id,
            case when i.value ->> 'tipo' in ('REACAO', 'EDICAO', 'EXCLUSAO') then i.value ->> 'contextoIdExterno' end as alvo
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
    ), citadas as (
        select i.n, v.id as conversa_id
        from itens as i
        join public.mensagens as q on q.cliente_id = p_cliente_id and q.conexao_id = i.conexao_id and q.id_externo = i.alvo
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = q.conversa_id and v.contato_id = i.contato_id
        where v.status = 'RESOLVIDA' and not exists (
            select from public.conversas as o
            where o.cliente_id = p_cliente_id and o.conexao_id = i.conexao_id and o.contato_id = i.contato_id and o.status <> 'RESOLVIDA'
            offset 0
        ) and not exists (
            select from itens as j where j.alvo is null and j.conexao_id = i.conexao_id and j.contato_id = i.contato_id
        )
    )
    select jsonb_agg(i.item || case when c.n is null then '{}' else jsonb_build_object('conversaId', c.conversa_id) end order by i.n)
    into v_itens
    from itens as i
    left join citadas as c on c.n = i.n;
    return v_itens;
end
$$;
comment on function interno.entrada_alvos(uuid, jsonb) is
'Reações, edições e exclusões do que está numa conversa resolvida ficam nela (conversaId), se a pessoa não tem outra aberta: não são motivo para reabrir.
Erros: nenhum.
Efeitos: trava, até o fim da transação, os nomes das mensagens de que falam.
Desde: 0.3.0';
