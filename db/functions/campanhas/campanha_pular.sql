/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_pular(p_cliente_id uuid, p_campanha_id uuid, p_quantos integer) returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_leva uuid[] := array(
        select l.id from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'PENDENTE'
        order by l.id limit p_quantos
    );
begin
    update public.campanhas_log as l set status = 'PULADO', motivo = 'CAMPANHA_CANCELADA', atualizado_em = now()
    where l.cliente_id = p_cliente_id and l.id = any (v_leva) and l.status = 'PENDENTE';
    return cardinality(v_leva) = p_quantos;
end
$$;
comment on function interno.campanha_pular(uuid, uuid, integer) is
'Pula até p_quantos destinatários de uma campanha cancelada; devolve se pode haver mais.
Erros: nenhum.
Efeitos: campanhas_log, campanhas_totais.
Desde: 0.1.0';
