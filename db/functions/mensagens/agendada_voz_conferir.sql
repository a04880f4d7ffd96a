/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_voz_conferir(p_cliente_id uuid, p_conversa public.conversas, p_autor_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_alheia boolean := coalesce(p_conversa.usuario_id <> p_autor_id, false);
    v_quem text;
begin
    if p_conversa.usuario_id = p_autor_id or exists (
        select from interno.usuarios_que_veem(p_cliente_id, p_conversa, array[p_autor_id])
    ) then
        if v_alheia then
            select u.nome into v_quem from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_conversa.usuario_id;
            raise exception using errcode = 'ZCV20', message = format('%s está atendendo esta conversa', v_quem),
                detail = p_conversa.usuario_id::text;
        end if;
        return;
    end if;
    -- what was promised by somebody who left is still said where nobody else speaks
    if v_alheia or exists (
        select from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_autor_id and u.ativo
    ) then
        -- somebody else's, or another team's: no more than that may be said
        raise exception using errcode = 'ZCV25', message = 'a conversa com este contato neste número é de outra pessoa ou equipe';
    end if;
end
$$;
comment on function interno.agendada_voz_conferir(uuid, public.conversas, uuid) is
'Uma voz por vez também no que se agenda: o autor fala na conversa que é sua ou, se a vê, de ninguém; nunca na de outra pessoa. Quem saiu da empresa já não vê nada: o que agendou só sai se a conversa é de ninguém. Não dá a conversa ao autor, que na hora pode não estar.
Erros: ZCV20 outra pessoa a atende (detalhe: o id dela); ZCV25 é de alguém, ou de uma equipe, que o autor não vê.
Efeitos: nenhum.
Desde: 0.3.0';
