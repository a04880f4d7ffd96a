/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_quantas(p_cliente_id uuid, p_filtros public.conversas_filtros, p_conjunto uuid[] default null) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_maximo constant integer := 1000;
    r_escolha record;
begin
    select e.ids, e.fim into r_escolha
    from interno.conversas_escolher(p_cliente_id, p_filtros, 'ULTIMA_ATIVIDADE', c_maximo + 1, null, p_conjunto) as e;
    return jsonb_build_object('total', least(cardinality(r_escolha.ids), c_maximo), 'mais', cardinality(r_escolha.ids) > c_maximo or r_escolha.fim is not null);
end
$$;
comment on function interno.conversas_quantas(uuid, public.conversas_filtros, uuid[]) is
'Quantas conversas uma lista daria, contadas até 1000; mais = há outras além dessas.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
