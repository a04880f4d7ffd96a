/* pgmigrate-encoding: utf-8 */
create or replace function interno.corpo_tentar(p_corpo bytea) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_texto text;
begin
    v_texto := interno.corpo_texto(p_corpo);
    if not pg_input_is_valid(v_texto, 'jsonb') then
        return null;
    end if;
    return v_texto::jsonb;
exception when character_not_in_repertoire or statement_too_complex then
    -- not text, or nested deeper than the parser goes
    return null;
end
$$;
comment on function interno.corpo_tentar(bytea) is
'O corpo de um webhook como jsonb, ou nulo quando não é UTF-8 ou JSON, ou é fundo demais.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
