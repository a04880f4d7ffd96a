/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_contatos(p_cliente_id uuid, p_campanha_id uuid) returns setof uuid
language plpgsql stable security invoker set search_path = '' rows 10000
as $$
declare
    r_campanha record;
begin
    select k.publico_tipo, k.publico_filtro as filtro into strict r_campanha
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    if r_campanha.publico_tipo = 'CONTATOS' then
        return query select p.contato_id from public.campanhas_publico as p
        where p.cliente_id = p_cliente_id and p.campanha_id = p_campanha_id;
        return;
    end if;
    return query select interno.publico_contatos(p_cliente_id, r_campanha.filtro);
end
$$;
comment on function interno.campanha_contatos(uuid, uuid) is
'Contatos que o público da campanha alcança agora (ids escolhidos, etiquetas ou filtro).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
