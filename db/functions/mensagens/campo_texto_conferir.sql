/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_texto_conferir(p_objeto jsonb, p_chave text, p_maximo integer, p_campo text, p_obrigatorio boolean default true) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_valor jsonb := p_objeto -> p_chave;
    v_campo text := p_campo || '.' || p_chave;
begin
    if v_valor is null or v_valor = 'null' then
        if p_obrigatorio then
            raise exception using errcode = 'ZRV03', message = 'falta preencher este campo', column = v_campo;
        end if;
        return;
    end if;
    if jsonb_typeof(v_valor) <> 'string' then
        raise exception using errcode = 'ZRV04', message = 'este campo precisa ser texto', column = v_campo;
    end if;
    if btrim(v_valor #>> '{}', E' \n\r\t') = '' then
        raise exception using errcode = 'ZRV03', message = 'falta preencher este campo', column = v_campo;
    end if;
    if char_length(v_valor #>> '{}') > p_maximo then
        raise exception using errcode = 'ZRV05', message = format('o limite aqui é de %s caracteres', p_maximo), column = v_campo;
    end if;
end
$$;
comment on function interno.campo_texto_conferir(jsonb, text, integer, text, boolean) is
'Confere um texto do conteúdo: presente (se obrigatório), não vazio e dentro do limite.
Erros: ZRV03 falta; ZRV04 não é texto; ZRV05 longo demais.
Efeitos: nenhum
Desde: 0.2.0';
