/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_visivel(p_cliente_id uuid, p_agendada public.mensagens_agendadas) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    -- who sees the contact, or the open conversation with it, sees what is to be said there
    return coalesce(p_agendada.criado_por = interno.usuario_corrente() or exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.conexao_id = p_agendada.conexao_id and v.contato_id = p_agendada.contato_id
            and v.status <> 'RESOLVIDA' and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
    ) or exists (
        select from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = p_agendada.contato_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
            and not exists (
                select from public.conversas as v
                where v.cliente_id = p_cliente_id and v.conexao_id = p_agendada.conexao_id and v.contato_id = p_agendada.contato_id
                    and v.status <> 'RESOLVIDA'
            )
    ), false);
end
$$;
comment on function interno.agendada_visivel(uuid, public.mensagens_agendadas) is
'Se quem pede pode ver um agendamento: é seu, ou vê a conversa aberta com a pessoa ou, não havendo, o contato.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
