/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_conversa_nova(p_cliente_id uuid, p_conexao_id uuid, p_tipo text, p_alvo_id uuid) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select not exists (
        select from public.conversas as v
        join public.mensagens as m on m.cliente_id = p_cliente_id and m.conversa_id = v.id and m.direcao = 'ENTRADA'
        where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.contato_id = (
            case p_tipo
                when 'mensagem_enviar' then (
                    select o.contato_id from public.mensagens as a
                    join public.conversas as o on o.cliente_id = p_cliente_id and o.id = a.conversa_id
                    where a.cliente_id = p_cliente_id and a.id = p_alvo_id
                )
                else (select l.contato_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = p_alvo_id)
            end
        )
    );
$$;
comment on function interno.uaizap_conversa_nova(uuid, uuid, text, uuid) is
'Se a pessoa a quem este trabalho da fila envia nunca escreveu a este número.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
