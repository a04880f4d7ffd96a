/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_valor_conferir(p_chave text, p_especie text, p_valor jsonb) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    c_link constant text := '^https://[^[:space:]/?#@]+\.[^[:space:]@]*$';
    c_uuid constant text := '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
    v_texto text := case when jsonb_typeof(p_valor) = 'string' then btrim(p_valor #>> '{}') end;
    v_valor jsonb := p_valor;
    v_certo boolean;
begin
    if p_especie in ('IMAGEM', 'VIDEO', 'DOCUMENTO') then
        -- a bare text is an address or the id of a file of ours
        if v_texto is not null then
            v_valor := case when lower(v_texto) ~ c_uuid then jsonb_build_object('midiaId', lower(v_texto)) else jsonb_build_object('link', v_texto) end;
        end if;
        v_certo := jsonb_typeof(v_valor) = 'object' and (v_valor ? 'midiaId') <> (v_valor ? 'link')
            and (v_valor - array['midiaId', 'link', 'nome']) = '{}'
            and (not v_valor ? 'nome' or (p_especie = 'DOCUMENTO' and char_length(v_valor ->> 'nome') between 1 and 240))
            and coalesce(v_valor ->> 'midiaId' ~ c_uuid, v_valor ->> 'link' ~ c_link and char_length(v_valor ->> 'link') <= 2000);
    elsif p_especie = 'LOCALIZACAO' then
        v_certo := interno.localizacao_valida(v_valor);
    elsif p_especie = 'FLUXO' then
        v_certo := jsonb_typeof(v_valor) = 'object' and v_valor ->> 'tipo' = 'FLUXO' and (v_valor - array['tipo', 'token', 'dados']) = '{}'
            and (not v_valor ? 'token' or (jsonb_typeof(v_valor -> 'token') = 'string' and char_length(v_valor ->> 'token') between 1 and 200))
            and (not v_valor ? 'dados' or jsonb_typeof(v_valor -> 'dados') = 'object');
    elsif p_especie = 'CATALOGO' then
        v_certo := jsonb_typeof(v_valor) = 'object' and v_valor ->> 'tipo' = 'CATALOGO' and (v_valor - array['tipo', 'produto']) = '{}'
            and jsonb_typeof(v_valor -> 'produto') = 'string' and char_length(v_valor ->> 'produto') between 1 and 100;
    else
        -- an amount of money or a date, in the words that are shown where it cannot be localised
        v_certo := p_especie = 'TEXTO' and jsonb_typeof(v_valor) = 'object' and btrim(v_valor ->> 'texto') <> ''
            and char_length(v_valor ->> 'texto') <= 200 and v_valor ->> 'texto' !~ '[\n\t]| {5}'
            and (
                (v_valor ->> 'tipo' = 'DATA' and (v_valor - array['tipo', 'texto']) = '{}')
                or (
                    v_valor ->> 'tipo' = 'MOEDA' and (v_valor - array['tipo', 'texto', 'codigo', 'valorMil']) = '{}'
                    and v_valor ->> 'codigo' ~ '^[A-Z]{3}$' and jsonb_typeof(v_valor -> 'valorMil') = 'number'
                    and v_valor ->> 'valorMil' ~ '^-?[0-9]{1,15}$'
                )
            );
    end if;
    if v_certo is not true then
        raise exception using errcode = 'ZRM01', column = p_chave,
            message = format('o valor de %s não serve para este modelo', p_chave),
            hint = 'mídia: um endereço https ou um midiaId; localização: latitude e longitude; botões: texto, FLUXO ou CATALOGO';
    end if;
    return v_valor;
end
$$;
comment on function interno.modelo_valor_conferir(text, text, jsonb) is
'Confere um valor de modelo que não é texto corrido (mídia, localização, fluxo, catálogo, moeda, data) e o devolve na forma única em que é guardado.
Erros: ZRM01 valor que não serve.
Efeitos: nenhum.
Desde: 0.2.0';
