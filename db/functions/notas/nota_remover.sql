/* pgmigrate-encoding: utf-8 */
create or replace function api.nota_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_versao integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.nota_travar(p_cliente_id, p_id, p_versao);
    delete from public.mencoes as m where m.cliente_id = p_cliente_id and m.nota_id = p_id;
    update public.notas as n set removido_em = now() where n.cliente_id = p_cliente_id and n.id = p_id
    returning n.versao into v_versao;
    return jsonb_build_object('id', p_id, 'versao', v_versao);
end
$$;
comment on function api.nota_remover(uuid, text, uuid, integer) is
'Remove uma nota própria; ela some da conversa e das menções de todos.
Erros: ZNV80 nota não encontrada; ZPV80 de outra pessoa; ZCG02 versão antiga.
Efeitos: notas, mencoes, eventos.
Desde: 0.3.0';
