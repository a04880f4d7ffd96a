/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_pegar(p_cliente_id uuid, p_usuario_id uuid, p_equipes uuid[], p_comum boolean)
returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_vistas constant integer := 100;
    v_conversa public.conversas;
    v_ids uuid[];
    v_de_outros uuid[] := array(
        select o.conversa_id from public.ofertas as o
        where o.cliente_id = p_cliente_id and o.usuario_id <> p_usuario_id and o.fim is null and o.expira_em > clock_timestamp()
    );
begin
    -- what waits for this very person comes before the queue
    select v.* into v_conversa from public.conversas as v
    where v.cliente_id = p_cliente_id and v.dono_id = p_usuario_id and interno.conversa_na_fila(v)
        and (v.equipe_id = any (p_equipes) or (p_comum and v.equipe_id is null))
    order by v.prioridade_ordem, v.espera_em, v.id
    limit 1
    for no key update skip locked;
    if found then
        return v_conversa;
    end if;
    loop
        v_ids := array(
            select f.id
            from (
                select c.id, c.prioridade_ordem, c.espera_em
                from unnest(p_equipes) as e (id)
                cross join lateral (
                    select v.id, v.prioridade_ordem, v.espera_em from public.conversas as v
                    where v.cliente_id = p_cliente_id and v.equipe_id = e.id and v.dono_id is null and interno.conversa_na_fila(v)
                        and v.id <> all (v_de_outros)
                    order by v.prioridade_ordem, v.espera_em, v.id
                    limit c_vistas
                ) as c
                union all
                (
                    select v.id, v.prioridade_ordem, v.espera_em from public.conversas as v
                    where p_comum and v.cliente_id = p_cliente_id and v.equipe_id is null and v.dono_id is null and interno.conversa_na_fila(v)
                    order by v.prioridade_ordem, v.espera_em, v.id
                    limit c_vistas
                )
            ) as f
            order by f.prioridade_ordem, f.espera_em, f.id
            limit c_vistas
        );
        select v.* into v_conversa
        from unnest(v_ids) with ordinality as i (id, n)
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = i.id
        where v.dono_id is null and interno.conversa_na_fila(v)
            and (v.equipe_id = any (p_equipes) or (p_comum and v.equipe_id is null))
        order by i.n
        limit 1
        for no key update of v skip locked;
        -- all of a full page are being given by others: by the next look they are gone
        exit when found or cardinality(v_ids) < c_vistas;
    end loop;
    return v_conversa;
end
$$;
comment on function interno.fila_pegar(uuid, uuid, uuid[], boolean) is
'Trava e devolve a conversa que esta pessoa deve atender agora, das filas dadas: a que espera por ela, senão a de maior prioridade e, entre iguais, a que espera há mais tempo; uma que outro está pegando, ou que é oferecida a outro, é pulada. Linha nula quando nada espera.
Erros: nenhum.
Efeitos: trava a linha.
Desde: 0.3.0';
