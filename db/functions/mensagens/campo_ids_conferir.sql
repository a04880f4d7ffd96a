/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_ids_conferir(p_ids jsonb, p_campo text) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if (select count(distinct i.value) from jsonb_array_elements(p_ids) as i) < jsonb_array_length(p_ids) then
        raise exception using errcode = 'ZRV15', message = 'os ids não podem se repetir', column = p_campo;
    end if;
end
$$;
comment on function interno.campo_ids_conferir(jsonb, text) is
'Confere que os ids de uma lista são distintos.
Erros: ZRV15.
Efeitos: nenhum.
Desde: 0.2.0';
