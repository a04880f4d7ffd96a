/* pgmigrate-encoding: utf-8 */
create or replace function api.rascunho_remover(p_cliente_id uuid, p_sessao text, p_conversa_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    delete from public.rascunhos as r
    where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = p_conversa_id;
    return jsonb_build_object('conversaId', p_conversa_id, 'removido', found);
end
$$;
comment on function api.rascunho_remover(uuid, text, uuid) is
'Joga fora o rascunho de quem pede numa conversa; repetir não muda nada.
Erros: ZNV01 conversa não encontrada.
Efeitos: rascunhos.
Desde: 0.3.0';
