/* pgmigrate-encoding: utf-8 */
create or replace function interno.instante_ler(p_texto text, p_fuso text) returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if p_texto ~ '^\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*$' then
        return interno.instante_local(p_texto::timestamp, p_fuso);
    end if;
    return p_texto::timestamptz;
end
$$;
comment on function interno.instante_ler(text, text) is
'Instante escrito como texto; sem fuso, é o relógio de p_fuso (um dia é o começo dele).
Erros: 22007 texto que não é data.
Efeitos: nenhum.
Desde: 0.3.0';
