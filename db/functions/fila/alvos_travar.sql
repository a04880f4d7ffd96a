/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvos_travar(p_cliente_id uuid, p_alvos uuid[])
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
    select c.* from interno.alvo_campanha_travar(p_cliente_id, p_alvos) as c
    union all
    select m.* from interno.alvo_mensagem_travar(p_cliente_id, p_alvos) as m;
end
$$;
comment on function interno.alvos_travar(uuid, uuid[]) is
'Trava o que se envia (destinatários de campanhas, mensagens) e diz em que estado está cada um.
Erros: nenhum.
Efeitos: trava de linha em campanhas_log e mensagens.
Desde: 0.2.0';
