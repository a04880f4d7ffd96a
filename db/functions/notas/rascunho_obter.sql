/* pgmigrate-encoding: utf-8 */
create or replace function api.rascunho_obter(p_cliente_id uuid, p_sessao text, p_conversa_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_rascunho public.rascunhos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    select r.* into v_rascunho from public.rascunhos as r
    where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = p_conversa_id;
    if not found then
        raise exception using errcode = 'ZNV81', message = 'não há rascunho nesta conversa';
    end if;
    return interno.rascunho_json(v_rascunho);
end
$$;
comment on function api.rascunho_obter(uuid, text, uuid) is
'O rascunho de quem pede numa conversa.
Erros: ZNV01 conversa não encontrada; ZNV81 não há rascunho.
Efeitos: nenhum.
Desde: 0.3.0';
