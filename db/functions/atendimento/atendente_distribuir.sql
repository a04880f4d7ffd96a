/* pgmigrate-encoding: utf-8 */
create or replace function interno.atendente_distribuir(p_cliente_id uuid, p_usuario_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.fila_distribuir(p_cliente_id, m.equipe_id, p_agora)
    from (
        select e.equipe_id from public.equipes_membros as e
        where e.cliente_id = p_cliente_id and e.usuario_id = p_usuario_id
        order by e.equipe_id
    ) as m;
end
$$;
comment on function interno.atendente_distribuir(uuid, uuid, timestamptz) is
'Uma pessoa passou a ter vaga: distribui as filas das suas equipes AUTOMATICAS.
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico, ofertas, fila.
Desde: 0.3.0';
