/* pgmigrate-encoding: utf-8 */
create or replace function api.etiqueta_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_etiqueta public.etiquetas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:gerir');
    select e.* into v_etiqueta from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_id for update;
    if not found then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    perform interno.versao_conferir(v_etiqueta.versao, p_versao);
    delete from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_id;
    perform interno.auditar(p_cliente_id, 'etiqueta_removida', 'etiquetas', p_id, jsonb_build_object('nome', v_etiqueta.nome));
    return jsonb_build_object('id', p_id, 'versao', v_etiqueta.versao);
end
$$;
comment on function api.etiqueta_remover(uuid, text, uuid, integer) is
'Remove uma etiqueta, e a tira de todos os contatos.
Erros: ZNE01 etiqueta não encontrada; ZCG02 versão antiga.
Efeitos: etiquetas, contatos_etiquetas, auditoria, eventos.
Desde: 0.1.0';
