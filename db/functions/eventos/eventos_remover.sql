/* pgmigrate-encoding: utf-8 */
create or replace function worker.eventos_remover(p_cliente_id uuid, p_limite integer default 5000, p_guarda interval default '7 days')
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_antes_de uuid := uuidv7(-p_guarda);
    v_ids uuid[];
    v_podado bigint;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    perform from public.eventos_totais as t where t.cliente_id = p_cliente_id for no key update;
    select array_agg(x.id), max(x.numero) into v_ids, v_podado from (
        select e.id, e.numero from public.eventos as e
        where e.cliente_id = p_cliente_id and e.id < v_antes_de and e.numero is not null
            and e.numero <= (select t.publicado from public.eventos_totais as t where t.cliente_id = p_cliente_id)
        order by e.id limit p_limite
    ) as x;
    if v_ids is null then
        return to_jsonb(0);
    end if;
    -- first the mark, then the rows: who reads between the two is told to reload
    update public.eventos_totais as t set podado = greatest(t.podado, v_podado) where t.cliente_id = p_cliente_id;
    delete from public.eventos as e where e.cliente_id = p_cliente_id and e.id = any(v_ids);
    return to_jsonb(cardinality(v_ids));
end
$$;
comment on function worker.eventos_remover(uuid, integer, interval) is
'Apaga eventos velhos, no máximo p_limite; diz quantos. Só o que já foi contado.
Erros: 42501 sem cliente.
Efeitos: eventos, eventos_totais.
Desde: 0.3.0';
