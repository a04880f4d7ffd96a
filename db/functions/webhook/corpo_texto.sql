/* pgmigrate-encoding: utf-8 */
create or replace function interno.corpo_texto(p_corpo bytea) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_texto text := convert_from(p_corpo, 'UTF8');
begin
    if position('\u' in v_texto) > 0 then
        -- U+0000 and halves of surrogate pairs are valid JSON and no text here; a backslash before them makes them plain
        v_texto := regexp_replace(v_texto, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g');
        v_texto := regexp_replace(v_texto, '(?<!\\)((?:\\\\)*)\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])', '\1\\ufffd', 'g');
        v_texto := regexp_replace(
            v_texto, '(?<!\\u[dD][89abAB][0-9a-fA-F]{2})(?<!\\)((?:\\\\)*)\\u[dD][c-fC-F][0-9a-fA-F]{2}', '\1\\ufffd', 'g'
        );
    end if;
    return v_texto;
end
$$;
comment on function interno.corpo_texto(bytea) is
'O corpo de um webhook como texto que se lê como jsonb: o que o JSON permite e o texto do banco não (U+0000, meio par substituto) vira U+FFFD, para que um caractere não segure o resto do corpo.
Erros: 22021 quando não é UTF-8.
Efeitos: nenhum.
Desde: 0.2.0';
