/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_campanha_travar(p_cliente_id uuid, p_alvos uuid[])
returns table (
    alvo_id uuid, alvo_tipo text, contato_id uuid, telefone text, campanha_id uuid, modelo_id uuid, status text, motivo text,
    erro_codigo integer, erro_texto text, tentativas smallint, tentativa_id uuid, id_externo text,
    enviado_em timestamptz, entregue_em timestamptz, lido_em timestamptz, devolve text
)
language plpgsql volatile security invoker set search_path = '' rows 10
as $$
#variable_conflict use_column
begin
    -- plpgsql keeps its plan between calls; planned every time, this costs more than it does
    return query
    select l.id, 'CAMPANHA', l.contato_id, l.telefone, l.campanha_id, k.modelo_id, l.status, l.motivo,
        l.erro_codigo, l.erro_texto, l.tentativas, l.tentativa_id, l.id_externo, l.enviado_em, l.entregue_em, l.lido_em,
        -- the feeder brings it back when the campaign may go on
        'PENDENTE'
    from public.campanhas_log as l
    join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
    where l.cliente_id = p_cliente_id and l.id = any (p_alvos)
    order by l.id
    for update of l;
end
$$;
comment on function interno.alvo_campanha_travar(uuid, uuid[]) is
'Trava destinatários de campanhas e diz em que estado de envio estão. devolve: o estado de quem volta a esperar sem ter saído; PENDENTE = fora da fila.
Erros: nenhum.
Efeitos: trava de linha em campanhas_log.
Desde: 0.2.0';
