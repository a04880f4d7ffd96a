/* pgmigrate-encoding: utf-8 */
create or replace function interno.variavel_segmentos(p_variaveis jsonb)
returns table (chave text, ordem integer, trecho text, campo text, padrao text)
language plpgsql immutable security invoker set search_path = '' rows 5
as $$
#variable_conflict use_column
declare
    c_marca constant text := '\{\{\s*contato\.([a-zA-Z0-9_]+)\s*(\|([^{}]*))?\}\}';
    r_variavel record;
    v_resto text;
    v_inicio integer;
    v_marca text;
begin
    for r_variavel in select v.key, v.value from jsonb_each(p_variaveis) as v loop
        chave := r_variavel.key;
        ordem := 0;
        v_resto := coalesce(r_variavel.value ->> 'valor', r_variavel.value #>> '{}');
        loop
            v_inicio := regexp_instr(v_resto, c_marca);
            trecho := case when v_inicio = 0 then v_resto else left(v_resto, v_inicio - 1) end;
            if strpos(trecho, '{{') > 0 then
                raise exception using errcode = 'ZRK03', column = 'variaveis',
                    message = format('a variável %s tem uma expressão desconhecida: use {{contato.campo}} ou {{contato.campo|padrão}}', chave);
            end if;
            if trecho <> '' or (v_inicio = 0 and ordem = 0) then
                ordem := ordem + 1;
                campo := null;
                padrao := null;
                return next;
            end if;
            exit when v_inicio = 0;
            v_marca := regexp_substr(v_resto, c_marca);
            ordem := ordem + 1;
            trecho := null;
            campo := regexp_replace(v_marca, c_marca, '\1');
            padrao := coalesce(nullif(btrim(regexp_replace(v_marca, c_marca, '\3')), ''), nullif(btrim(r_variavel.value ->> 'padrao'), ''));
            return next;
            v_resto := substr(v_resto, v_inicio + char_length(v_marca));
        end loop;
    end loop;
end
$$;
comment on function interno.variavel_segmentos(jsonb) is
'Parte cada variável de campanha em trechos literais e campos do contato, uma vez por campanha; valores nunca são relidos como expressão. Cada valor é texto ou {valor, padrao}.
Erros: ZRK03 expressão desconhecida.
Efeitos: nenhum.
Desde: 0.1.0';
