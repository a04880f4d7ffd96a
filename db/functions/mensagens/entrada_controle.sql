/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_controle(p_cliente_id uuid, p_novas jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    v_conversas uuid[] := array(
        select distinct n.conversa_id
        from jsonb_to_recordset(p_novas) as n (conversa_id uuid, direcao text, tipo text)
        where n.direcao = 'SAIDA' and n.tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO')
    );
begin
    update public.conversas as v set controle = 'FILA'
    where v.cliente_id = p_cliente_id and v.id = any (v_conversas) and v.controle = 'BOT';
end
$$;
comment on function interno.entrada_controle(uuid, jsonb) is
'Quem responde pelo aparelho toma a conversa do robô, que se cala; sem dono aqui, ela espera na fila por um.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
