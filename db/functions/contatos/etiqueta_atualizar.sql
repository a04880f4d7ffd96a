/* pgmigrate-encoding: utf-8 */
create or replace function api.etiqueta_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_nome text default null, p_cor text default null
) returns jsonb
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
    update public.etiquetas as e set nome = coalesce(btrim(p_nome), e.nome), cor = coalesce(p_cor, e.cor)
    where e.cliente_id = p_cliente_id and e.id = p_id
    returning e.* into v_etiqueta;
    perform interno.auditar(p_cliente_id, 'etiqueta_atualizada', 'etiquetas', p_id, jsonb_build_object('nome', v_etiqueta.nome));
    return interno.etiqueta_json(v_etiqueta);
end
$$;
comment on function api.etiqueta_atualizar(uuid, text, uuid, integer, text, text) is
'Muda nome ou cor de uma etiqueta; nulo = fica como está.
Erros: ZNE01 etiqueta não encontrada; ZCG02 versão antiga; ZCE01 nome repetido; 23514 valor fora da regra.
Efeitos: etiquetas, auditoria, eventos.
Desde: 0.1.0';
