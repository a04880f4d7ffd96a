/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_entrar(p_cliente_id uuid, p_conversas uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    for v_conversa in
        select v.* from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = any (p_conversas) and v.status = 'ABERTA' and v.usuario_id is not null
        order by v.id
        for no key update
    loop
        v_conversa.usuario_id := null;
        perform interno.conversa_gravar(p_cliente_id, v_conversa);
    end loop;
end
$$;
comment on function interno.conversas_entrar(uuid, uuid[], timestamptz) is
'Decide a quem vão as conversas que a pessoa acaba de abrir ou reabrir, ABERTAS e travadas por quem chama; a reaberta ainda traz quem a atendeu por último. Vão à fila da equipe de cada uma.
Erros: nenhum.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
