/* pgmigrate-encoding: utf-8 */
create or replace function api.mencoes_ler(p_cliente_id uuid, p_sessao text, p_conversa_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_lidas integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    update public.mencoes as m set lida_em = now()
    where m.cliente_id = p_cliente_id and m.usuario_id = interno.usuario_corrente() and m.conversa_id = p_conversa_id and m.lida_em is null;
    get diagnostics v_lidas = row_count;
    return jsonb_build_object('conversaId', p_conversa_id, 'lidas', v_lidas);
end
$$;
comment on function api.mencoes_ler(uuid, text, uuid) is
'Marca como lidas as menções a quem pede numa conversa; repetir não muda nada.
Erros: ZNV01 conversa não encontrada.
Efeitos: mencoes, eventos.
Desde: 0.3.0';
