/* pgmigrate-encoding: utf-8 */
create or replace function interno.variaveis_conferir(p_cliente_id uuid, p_modelo_id uuid, p_variaveis jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_exigidas text[];
    v_dadas jsonb := coalesce(p_variaveis, '{}');
    v_chave text;
begin
    select m.variaveis into v_exigidas from public.modelos as m where m.cliente_id = p_cliente_id and m.id = p_modelo_id;
    if not found then
        raise exception using errcode = 'ZNM01', message = 'modelo não encontrado', column = 'modeloId';
    end if;
    -- a list fills the template's variables in their order
    if jsonb_typeof(v_dadas) = 'array' then
        select coalesce(jsonb_object_agg(coalesce(v_exigidas[x.n], x.n::text), x.valor), '{}') into v_dadas
        from jsonb_array_elements(v_dadas) with ordinality as x (valor, n);
    end if;
    select e.key into v_chave from jsonb_each(v_dadas) as e
    where e.key <> all (v_exigidas)
        or not (jsonb_typeof(e.value) in ('string', 'number') or jsonb_typeof(e.value -> 'valor') in ('string', 'number'))
    order by e.key limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRK12', column = 'variaveis',
            message = format('a variável %s não existe no modelo ou não é texto', v_chave);
    end if;
    select e.chave into v_chave from unnest(v_exigidas) with ordinality as e (chave, n)
    where not v_dadas ? e.chave order by e.n limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRK02', column = 'variaveis', message = format('falta a variável %s do modelo', v_chave);
    end if;
    select e.key into v_chave from jsonb_each(v_dadas) as e
    where btrim(coalesce(e.value ->> 'valor', e.value #>> '{}')) = '' order by e.key limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRK14', column = 'variaveis', message = format('a variável %s está vazia', v_chave);
    end if;
    perform from interno.variavel_segmentos(v_dadas);
    return v_dadas;
end
$$;
comment on function interno.variaveis_conferir(uuid, uuid, jsonb) is
'Confere as variáveis de uma campanha contra o modelo e as devolve como objeto {chave: valor}.
Erros: ZNM01 modelo não encontrado; ZRK02 falta uma variável; ZRK12 variável a mais ou malformada; ZRK03 expressão desconhecida; ZRK14 variável vazia.
Efeitos: nenhum.
Desde: 0.1.0';
