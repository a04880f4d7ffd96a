/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_pegar(p_cliente_id uuid, p_usuario_id uuid) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_conversa public.conversas;
begin
    select v.* into v_conversa
    from public.ofertas as o
    join public.conversas as v on v.cliente_id = p_cliente_id and v.id = o.conversa_id
    where o.cliente_id = p_cliente_id and o.usuario_id = p_usuario_id and o.fim is null and o.expira_em > v_agora
        and v.dono_id is null and interno.conversa_na_fila(v)
    for no key update of v skip locked;
    return v_conversa;
end
$$;
comment on function interno.oferta_pegar(uuid, uuid) is
'Trava e devolve a conversa que é oferecida a esta pessoa; linha nula quando nenhuma é, ou alguém mexe nela agora.
Erros: nenhum.
Efeitos: trava a linha.
Desde: 0.3.0';
