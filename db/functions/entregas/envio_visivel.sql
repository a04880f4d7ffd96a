/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_visivel(p_cliente_id uuid, p_alvo_tipo text, p_id uuid) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select case p_alvo_tipo
        when 'CAMPANHA' then exists (
            select from public.campanhas_log as l
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
            where l.cliente_id = p_cliente_id and l.id = p_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        )
        when 'MENSAGEM' then exists (
            select from public.mensagens as m
            join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
            where m.cliente_id = p_cliente_id and m.id = p_id and m.direcao = 'SAIDA'
                and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
        )
        else false
    end;
$$;
comment on function interno.envio_visivel(uuid, text, uuid) is
'Se o envio (destinatário de campanha ou mensagem) existe e a pessoa o vê.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
