/* pgmigrate-encoding: utf-8 */
create or replace function interno.cursor_ler(p_cursor text) returns uuid
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_texto text;
begin
    if p_cursor is null then
        return null;
    end if;
    if p_cursor ~ '^[0-9a-f]{32}$' then
        v_texto := p_cursor;
    end if;
    if v_texto is null then
        raise exception using errcode = '22023', message = 'cursor inválido', column = 'cursor';
    end if;
    return v_texto::uuid;
end
$$;
comment on function interno.cursor_ler(text) is
'Lê o cursor opaco de uma lista (id da última linha vista).
Erros: 22023 cursor malformado.
Efeitos: nenhum.
Desde: 0.1.0';
