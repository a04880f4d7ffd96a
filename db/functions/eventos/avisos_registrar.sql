/* pgmigrate-encoding: utf-8 */
create or replace function worker.avisos_registrar(
    p_cliente_id uuid, p_dono text, p_id uuid, p_cerca bigint, p_ditos jsonb default '[]', p_mortas uuid[] default '{}', p_falhou boolean default false,
    p_espera interval default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_lembrados constant integer := 50;
    v_agora timestamptz := clock_timestamp();
    v_prazo timestamptz;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    delete from public.inscricoes as i where i.cliente_id = p_cliente_id and i.id = any (p_mortas);
    update public.inscricoes as i set ditos = (i.ditos || d.chaves)[greatest(cardinality(i.ditos || d.chaves) - c_lembrados + 1, 1):]
    from jsonb_to_recordset(p_ditos) as d (id uuid, chaves uuid[])
    where i.cliente_id = p_cliente_id and i.id = d.id;
    select interno.avisos_prazo(p_cliente_id, f.alvo_id) into v_prazo
    from public.fila as f where f.cliente_id = p_cliente_id and f.id = p_id;
    -- asked again while it was done (the fence went up): there may be more to say
    delete from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = p_id and f.reservado_por = p_dono and f.cerca = p_cerca and not p_falhou
        and v_prazo is null;
    if not found then
        update public.fila as f
        set reservado_por = null, reservado_ate = null,
            executar_em = case
                when p_falhou then v_agora + greatest(p_espera, 2 ^ f.tentativas * interval '1 second')
                when f.cerca = p_cerca then v_prazo else f.executar_em
            end,
            tentativas = case when p_falhou then f.tentativas else 0 end
        where f.cliente_id = p_cliente_id and f.id = p_id and f.reservado_por = p_dono;
    end if;
    return to_jsonb(found);
end
$$;
comment on function worker.avisos_registrar(uuid, text, uuid, bigint, jsonb, uuid[], boolean, interval) is
'O que se disse a cada navegador (p_ditos: [{id, chaves}]) e os que não existem mais (p_mortas), que acabam. Se algum falhou, a pessoa volta à fila com espera dobrada, ou p_espera se for mais; se pediram de novo no meio, logo; se uma conversa sua espera, no fim do prazo dela; senão sai. Devolve se a reserva ainda era deste dono.
Erros: 42501 sem cliente.
Efeitos: inscricoes, fila.
Desde: 0.3.0';
