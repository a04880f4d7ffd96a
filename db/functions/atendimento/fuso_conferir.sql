/* pgmigrate-encoding: utf-8 */
create or replace function interno.fuso_conferir(p_fuso text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if not exists (select from pg_catalog.pg_timezone_names as z where z.name = p_fuso) then
        raise exception using errcode = 'ZRV40', message = 'este fuso horário não existe: use, por exemplo, America/Sao_Paulo', column = 'fuso';
    end if;
end
$$;
comment on function interno.fuso_conferir(text) is
'Recusa um fuso que não está na base IANA.
Erros: ZRV40 fuso desconhecido.
Efeitos: nenhum.
Desde: 0.3.0';
