/* pgmigrate-encoding: utf-8 */
create or replace function api.metricas_obter() returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_incertos bigint := 0;
    v_mortas bigint := 0;
    r_cliente record;
begin
    -- tenant by tenant, each in its own context: only the sums leave
    for r_cliente in select c.id from public.clientes as c where c.ativo order by c.id loop
        perform interno.contexto_trabalho(r_cliente.id);
        select v_incertos + (
            select count(*) from public.campanhas_log as l where l.cliente_id = r_cliente.id and l.status = 'INCERTO'
        ) + (
            select count(*) from public.mensagens as m where m.cliente_id = r_cliente.id and m.status = 'INCERTO'
        ), v_mortas + (
            select count(*) from public.fila_morta as d where d.cliente_id = r_cliente.id and d.resolvida_em is null
        ) into v_incertos, v_mortas;
    end loop;
    perform set_config('app.cliente_id', '', true);
    return (
        select coalesce(jsonb_agg(jsonb_build_object('processo', p.nome, 'metricas', p.metricas) order by p.nome), '[]')
        from public.processos as p
        where p.visto_em > now() - interval '15 seconds'
    ) || jsonb_build_array(jsonb_build_object(
        'processo', 'banco', 'metricas', jsonb_build_object(
            'esperam', jsonb_build_object('incertos', v_incertos, 'filaMorta', v_mortas),
            'instantaneoIdadeS', interno.instantaneo_idade()
        )
    ));
end
$$;
comment on function api.metricas_obter() is
'O que cada worker vivo mediu: ritmo por número e atraso ao acordar; e, como processo "banco", quantos envios sem confirmação e itens da fila morta esperam alguém, somados, e a idade da transação mais velha (instantaneo_idade). Não diz nada de nenhum cliente além de ids.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
