/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_e_fundidos(p_cliente_id uuid, p_id uuid) returns uuid[]
language sql stable security invoker set search_path = ''
as $$
    with recursive dentro (id, passo) as (
        select p_id, 0
        union all
        select c.id, d.passo + 1
        from dentro as d
        join public.contatos as c on c.cliente_id = p_cliente_id and c.fundido_em_id = d.id
        where d.passo < 100
    )
    select array_agg(d.id) from dentro as d;
$$;
comment on function interno.contato_e_fundidos(uuid, uuid) is
'Um contato e todos os que foram juntados nele: de quem são os livros que não mudam de dono (consentimentos).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
