/* pgmigrate-encoding: utf-8 */
create or replace function interno.busca_padrao(p_busca text) returns table (nome text, telefone text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_texto text := regexp_replace(btrim(interno.texto_busca(left(p_busca, 200))), '\s+', ' ', 'g');
    v_digitos text;
begin
    if v_texto ~ '^[-+(). 0-9]+$' then
        -- a trunk zero is dialled, not stored; a mobile typed as before the ninth digit is stored with it
        v_digitos := ltrim(regexp_replace(v_texto, '\D', '', 'g'), '0');
        v_digitos := regexp_replace(v_digitos, '^(55)?([1-9][1-9])([6-9]\d{7})$', '\1\29\3');
        if length(v_digitos) >= 3 then
            telefone := '%' || v_digitos || '%';
        end if;
        -- so many digits are a phone: nobody's name is worth a second index
        if length(v_digitos) >= 7 then
            return next;
            return;
        end if;
    end if;
    -- what has no trigram cannot use the index: it would read every name of every tenant
    if v_texto ~ '[[:alnum:]]{3}|[[:alnum:]]{2} |[^[:alnum:]][[:alnum:]]{2}' then
        nome := '%' || regexp_replace(v_texto, '([\\%_])', '\\\1', 'g') || '%';
    end if;
    if nome is null and telefone is null then
        raise exception using errcode = '22023', message = 'a busca precisa de ao menos 3 letras ou números', column = 'busca';
    end if;
    return next;
end
$$;
comment on function interno.busca_padrao(text) is
'Padrões de LIKE de uma busca: pelo nome, e pelo telefone quando só há dígitos; % _ e \ valem por si mesmos.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.1.0';
