/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_oferecer(p_cliente_id uuid, p_equipe_id uuid, p_segundos integer, p_agora timestamptz) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_vistas constant integer := 100;
    v_id uuid;
    v_usuario_id uuid;
    v_feitas integer := 0;
begin
    foreach v_id in array array(
        select v.id from public.conversas as v
        where v.cliente_id = p_cliente_id and v.equipe_id = p_equipe_id and v.dono_id is null and interno.conversa_na_fila(v)
            and v.id <> all (array(select o.conversa_id from public.ofertas as o where o.cliente_id = p_cliente_id and o.fim is null))
        order by v.prioridade_ordem, v.espera_em, v.id
        limit c_vistas
    ) loop
        v_usuario_id := interno.oferta_escolher(p_cliente_id, p_equipe_id, v_id, p_agora);
        if v_usuario_id is not null then
            v_feitas := v_feitas + interno.oferta_fazer(p_cliente_id, p_equipe_id, v_id, v_usuario_id, p_segundos);
        else
            exit when not exists (select from interno.equipe_livres(p_cliente_id, p_equipe_id) as l where not l.oferecida);
        end if;
    end loop;
    return v_feitas;
end
$$;
comment on function interno.fila_oferecer(uuid, uuid, integer, timestamptz) is
'Oferece o que espera na fila de uma equipe, na ordem da fila, cada conversa a uma pessoa por p_segundos. Devolve quantas ofereceu.
Erros: nenhum.
Efeitos: ofertas, usuarios, fila (oferta_vencer).
Desde: 0.3.0';
