/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_escolher(
    p_cliente_id uuid, p_criterios jsonb, p_abertas boolean, p_apos uuid, p_limite integer, p_crescente boolean
) returns uuid[]
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    -- scalars: what is read out of jsonb may not, under RLS, be an index condition
    v_grupo uuid := (p_criterios ->> 'grupo')::uuid;
    v_tipo text := p_criterios ->> 'tipo';
    v_codigo integer := (p_criterios ->> 'erroCodigo')::integer;
    v_conexao uuid := (p_criterios ->> 'conexaoId')::uuid;
    v_de timestamptz := (p_criterios ->> 'de')::timestamptz;
    v_ate timestamptz := (p_criterios ->> 'ate')::timestamptz;
begin
    if p_crescente then
        return array(
            select d.id from public.fila_morta as d
            where d.cliente_id = p_cliente_id and d.resolvida_em is null
                and (p_apos is null or d.id > p_apos)
                and (v_grupo is null or d.grupo = v_grupo) and (v_tipo is null or d.tipo = v_tipo)
                and (v_codigo is null or d.erro_codigo = v_codigo) and (v_conexao is null or d.conexao_id = v_conexao)
                and (v_de is null or d.morta_em >= v_de) and (v_ate is null or d.morta_em < v_ate)
            order by d.id limit p_limite
        );
    end if;
    return array(
        select d.id from public.fila_morta as d
        where d.cliente_id = p_cliente_id and (p_abertas is null or (d.resolvida_em is null) = p_abertas)
            and (p_apos is null or d.id < p_apos)
            and (v_grupo is null or d.grupo = v_grupo) and (v_tipo is null or d.tipo = v_tipo)
            and (v_codigo is null or d.erro_codigo = v_codigo) and (v_conexao is null or d.conexao_id = v_conexao)
            and (v_de is null or d.morta_em >= v_de) and (v_ate is null or d.morta_em < v_ate)
        order by d.id desc limit p_limite
    );
end
$$;
comment on function interno.fila_morta_escolher(uuid, jsonb, boolean, uuid, integer, boolean) is
'Até p_limite ids de fila_morta que satisfazem os critérios ({grupo, tipo, erroCodigo, conexaoId, de, ate}): os mais novos antes de p_apos ou, se p_crescente, os abertos mais antigos depois dele.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
