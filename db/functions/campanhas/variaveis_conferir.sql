/* pgmigrate-encoding: utf-8 */
create or replace function interno.variaveis_conferir(p_cliente_id uuid, p_modelo_id uuid, p_variaveis jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_componentes jsonb;
    v_exigidas text[];
    v_dadas jsonb := coalesce(p_variaveis, '{}');
    v_textos jsonb;
    v_fixas jsonb;
    v_chave text;
begin
    select m.componentes, interno.modelo_variaveis(m.componentes) into v_componentes, v_exigidas
    from public.modelos as m where m.cliente_id = p_cliente_id and m.id = p_modelo_id;
    if not found then
        raise exception using errcode = 'ZNM01', message = 'modelo não encontrado', column = 'modeloId';
    end if;
    -- a list fills the template's variables in their order
    if jsonb_typeof(v_dadas) = 'array' then
        select coalesce(jsonb_object_agg(coalesce(v_exigidas[x.n], x.n::text), x.valor), '{}') into v_dadas
        from jsonb_array_elements(v_dadas) with ordinality as x (valor, n);
    end if;
    select min(e.key) filter (where c.chave is null) into v_chave
    from jsonb_each(v_dadas) as e
    left join interno.modelo_campos(v_componentes) as c on c.chave = e.key;
    if v_chave is null then
        select e.chave into v_chave from unnest(v_exigidas) with ordinality as e (chave, n) where not v_dadas ? e.chave order by e.n limit 1;
        if v_chave is not null then
            raise exception using errcode = 'ZRK02', column = 'variaveis', detail = v_chave, message = format('falta a variável %s do modelo', v_chave);
        end if;
    else
        raise exception using errcode = 'ZRK12', column = 'variaveis', message = format('a variável %s não existe no modelo', v_chave);
    end if;
    -- text may name fields of the contact and is filled for each one; the rest is the same for everybody
    select coalesce(jsonb_object_agg(e.key, e.value) filter (where x.texto), '{}'),
        coalesce(jsonb_object_agg(e.key, interno.modelo_valor_conferir(e.key, c.especie, e.value)) filter (where not x.texto), '{}')
    into v_textos, v_fixas
    from jsonb_each(v_dadas) as e
    join interno.modelo_campos(v_componentes) as c on c.chave = e.key
    cross join lateral (
        select c.especie in ('TEXTO', 'URL', 'CUPOM', 'CODIGO', 'RETORNO')
            and (jsonb_typeof(e.value) in ('string', 'number') or coalesce(jsonb_typeof(e.value -> 'valor') in ('string', 'number'), false)) as texto
    ) as x;
    perform interno.modelo_midia_conferir(p_cliente_id, c.especie, (e.value ->> 'midiaId')::uuid)
    from jsonb_each(v_fixas) as e
    join interno.modelo_campos(v_componentes) as c on c.chave = e.key
    where e.value ? 'midiaId';
    select e.key into v_chave from jsonb_each(v_textos) as e
    where btrim(coalesce(e.value ->> 'valor', e.value #>> '{}')) = '' order by e.key limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRK14', column = 'variaveis', detail = v_chave, message = format('a variável %s está vazia', v_chave);
    end if;
    perform from interno.variavel_segmentos(v_textos);
    return v_textos || v_fixas;
end
$$;
comment on function interno.variaveis_conferir(uuid, uuid, jsonb) is
'Confere as variáveis de uma campanha contra o modelo e as devolve como objeto {chave: valor}; o que não é texto (mídia, localização, dados de botão) vale igual para todos.
Erros: ZNM01 modelo não encontrado; ZRK02 falta uma variável; ZRK12 variável a mais; ZRK03 expressão desconhecida; ZRK14 variável vazia; ZRM01 valor que não serve; ZND01 mídia não encontrada; ZRM06 mídia de outro tipo.
Efeitos: nenhum.
Desde: 0.1.0';
