/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_parametros_conferir(
    p_cliente_id uuid, p_componentes jsonb, p_parametros jsonb, p_cabecalho jsonb default null
) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_campo record;
    v_dados jsonb := coalesce(p_parametros, '{}');
    v_parametros jsonb := '{}';
    v_cabecalho jsonb;
    v_valor jsonb;
    v_texto text;
begin
    if not interno.modelo_enviavel(p_componentes) then
        raise exception using errcode = 'ZRM02', column = 'modeloId',
            message = 'este modelo tem carrossel, oferta por tempo ou produtos, que ainda não se enviam';
    end if;
    if p_cabecalho is not null then
        v_dados := v_dados || jsonb_build_object(
            case when p_cabecalho ? 'latitude' then 'cabecalho.localizacao' else 'cabecalho.midia' end, p_cabecalho
        );
    end if;
    for r_campo in select c.chave, c.especie, c.obrigatoria, c.maximo from interno.modelo_campos(p_componentes) as c order by c.posicao loop
        v_valor := v_dados -> r_campo.chave;
        v_dados := v_dados - r_campo.chave;
        if v_valor is null or jsonb_typeof(v_valor) = 'null' then
            if r_campo.obrigatoria then
                raise exception using errcode = 'ZRM03', column = r_campo.chave, message = format('falta %s do modelo', r_campo.chave);
            end if;
        elsif r_campo.especie in ('TEXTO', 'URL', 'CUPOM', 'CODIGO', 'RETORNO') and jsonb_typeof(v_valor) in ('string', 'number') then
            -- the provider refuses line breaks, tabs and long runs of spaces in a parameter
            v_texto := btrim(regexp_replace(v_valor #>> '{}', '\s+', ' ', 'g'));
            if v_texto = '' or char_length(v_texto) > r_campo.maximo then
                raise exception using errcode = 'ZRM04', column = r_campo.chave,
                    message = format('%s está vazio ou passa de %s letras', r_campo.chave, r_campo.maximo);
            end if;
            v_parametros := v_parametros || jsonb_build_object(r_campo.chave, v_texto);
        else
            v_valor := interno.modelo_valor_conferir(r_campo.chave, r_campo.especie, v_valor);
            if v_valor ? 'midiaId' then
                perform interno.modelo_midia_conferir(p_cliente_id, r_campo.especie, (v_valor ->> 'midiaId')::uuid);
            end if;
            if r_campo.especie in ('IMAGEM', 'VIDEO', 'DOCUMENTO', 'LOCALIZACAO') then
                v_cabecalho := v_valor;
            else
                v_parametros := v_parametros || jsonb_build_object(r_campo.chave, v_valor);
            end if;
        end if;
    end loop;
    if v_dados <> '{}' then
        raise exception using errcode = 'ZRM05', column = 'parametros',
            message = format('o modelo não tem %s', (select min(k.chave) from jsonb_object_keys(v_dados) as k (chave)));
    end if;
    return jsonb_strip_nulls(jsonb_build_object('cabecalho', v_cabecalho)) || jsonb_build_object('parametros', v_parametros);
end
$$;
comment on function interno.modelo_parametros_conferir(uuid, jsonb, jsonb, jsonb) is
'Confere o que preenche um modelo, chave a chave, contra a definição aprovada, e o devolve como a mensagem o guarda: {parametros, cabecalho?}, textos sem quebras. O que preenche um cabeçalho de mídia ou lugar vem em p_cabecalho ou nas chaves "cabecalho.midia" e "cabecalho.localizacao".
Erros: ZRM01 valor que não serve; ZRM02 modelo que não se envia; ZRM03 falta um parâmetro; ZRM04 texto vazio ou longo; ZRM05 parâmetro que o modelo não tem; ZND01; ZRM06 mídia de outro tipo.
Efeitos: nenhum.
Desde: 0.2.0';
