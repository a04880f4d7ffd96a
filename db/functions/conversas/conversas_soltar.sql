/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_soltar(p_cliente_id uuid, p_usuario_id uuid, p_equipe_id uuid, p_motivo text) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_soltas integer := 0;
begin
    for v_conversa in
        select v.* from public.conversas as v
        where v.cliente_id = p_cliente_id and v.usuario_id = p_usuario_id and v.status <> 'RESOLVIDA'
            and (p_equipe_id is null or v.equipe_id = p_equipe_id)
        order by v.id
        for no key update
    loop
        v_conversa.usuario_id := null;
        v_conversa.status := case when v_conversa.status = 'ADIADA' then 'ADIADA' else 'ABERTA' end;
        perform interno.conversa_gravar(p_cliente_id, v_conversa, p_motivo);
        v_soltas := v_soltas + 1;
    end loop;
    return v_soltas;
end
$$;
comment on function interno.conversas_soltar(uuid, uuid, uuid, text) is
'Devolve à fila da equipe de cada uma as conversas abertas de quem já não pode atendê-las (todas, ou as de uma equipe); a adiada continua adiada, sem dono.
Erros: nenhum.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
