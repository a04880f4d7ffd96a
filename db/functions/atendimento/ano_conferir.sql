/* pgmigrate-encoding: utf-8 */
create or replace function interno.ano_conferir(p_ano integer) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_ano is null or p_ano not between 1970 and 2199 then
        raise exception using errcode = 'ZRA02', message = 'a data precisa estar entre 1970 e 2199', column = 'ano';
    end if;
end
$$;
comment on function interno.ano_conferir(integer) is
'Recusa um ano em que não se guardam feriados.
Erros: ZRA02.
Efeitos: nenhum.
Desde: 0.3.0';
