/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_silencio_desfazer(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_conversa := interno.conversa_visivel(p_cliente_id, interno.conversa_atual(p_cliente_id, p_id));
    delete from public.silenciadas as z
    where z.cliente_id = p_cliente_id and z.usuario_id = interno.usuario_corrente() and z.conversa_id = v_conversa.id;
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_silencio_desfazer(uuid, text, uuid) is
'Volta a avisar quem pede do que há numa conversa que ele tinha silenciado; repetir não muda nada.
Erros: ZNV01 conversa não encontrada.
Efeitos: silenciadas, eventos.
Desde: 0.3.0';
