/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_mensagem_travar(p_cliente_id uuid, p_alvos uuid[])
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
    select m.id, 'MENSAGEM', v.contato_id, c.telefone, null::uuid, m.modelo_id, m.status, m.motivo,
        m.erro_codigo, m.erro_texto, m.tentativas, m.tentativa_id, m.id_externo, m.enviado_em, m.entregue_em, m.lido_em,
        -- it keeps its place in the queue until the number may send again
        'RESERVADO'
    from public.mensagens as m
    join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
    where m.cliente_id = p_cliente_id and m.id = any (p_alvos) and m.direcao = 'SAIDA'
    order by m.id
    for update of m;
end
$$;
comment on function interno.alvo_mensagem_travar(uuid, uuid[]) is
'Trava mensagens de saída e diz em que estado de envio estão. devolve: o estado de quem volta a esperar sem ter saído; RESERVADO = guarda o lugar na fila.
Erros: nenhum.
Efeitos: trava de linha em mensagens.
Desde: 0.2.0';
