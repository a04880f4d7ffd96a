/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_atual(p_cliente_id uuid, p_id uuid) returns uuid
language sql stable security invoker set search_path = ''
as $$
    with recursive cadeia (id, passo) as (
        select p_id, 0
        union all
        select c.fundido_em_id, k.passo + 1
        from cadeia as k
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = k.id
        where c.fundido_em_id is not null and k.passo < 100
    )
    select k.id from cadeia as k order by k.passo desc limit 1;
$$;
comment on function interno.contato_atual(uuid, uuid) is
'Em que contato um contato está hoje: ele mesmo, ou aquele em que foi juntado.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
