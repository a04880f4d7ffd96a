/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    select i.* into v_importacao
    from public.importacoes as i
    where i.cliente_id = p_cliente_id and i.id = p_id and interno.visivel(p_cliente_id, i.usuario_id, null);
    if not found then
        raise exception using errcode = 'ZNC04', message = 'importação não encontrada';
    end if;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_obter(uuid, text, uuid) is
'Em que pé está uma importação.
Erros: ZNC04 importação não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
