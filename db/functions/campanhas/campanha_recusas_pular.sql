/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_recusas_pular(p_cliente_id uuid, p_campanha_id uuid, p_ids uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_recusas uuid[];
begin
    if not exists (
        select from public.campanhas as k
        join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
        where k.cliente_id = p_cliente_id and k.id = p_campanha_id and m.categoria = 'MARKETING'
    ) then
        return;
    end if;
    v_recusas := interno.marketing_recusas(p_cliente_id, array(
        select l.contato_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (p_ids)
    ));
    if cardinality(v_recusas) > 0 then
        update public.campanhas_log as l set status = 'PULADO', motivo = 'OPTOUT', atualizado_em = p_agora
        where l.cliente_id = p_cliente_id and l.id = any (p_ids) and l.contato_id = any (v_recusas) and l.status = 'PENDENTE';
    end if;
end
$$;
comment on function interno.campanha_recusas_pular(uuid, uuid, uuid[], timestamptz) is
'Pula, de destinatários à espera de uma campanha de marketing, quem o recusou depois de congelado o público.
Erros: nenhum.
Efeitos: campanhas_log; trava de leitura nos contatos.
Desde: 0.3.0';
