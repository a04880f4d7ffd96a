/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_atual(p_cliente_id uuid, p_id uuid) returns uuid
language sql stable security invoker set search_path = ''
as $$
    with recursive cadeia (id, passo) as (
        select p_id, 0
        union all
        select v.fundida_em_id, k.passo + 1
        from cadeia as k
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = k.id
        where v.fundida_em_id is not null and k.passo < 100
    )
    select k.id from cadeia as k order by k.passo desc limit 1;
$$;
comment on function interno.conversa_atual(uuid, uuid) is
'Em que conversa uma conversa está hoje: ela mesma, ou aquela a que foi juntada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
