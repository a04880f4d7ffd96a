/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_lote_obter(p_cliente_id uuid, p_sessao text, p_id uuid, p_ordem integer) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_cruas jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    select k.cruas into v_cruas
    from public.importacoes_lotes as k
    join public.importacoes as i on i.cliente_id = p_cliente_id and i.id = k.importacao_id
    where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.ordem = p_ordem and interno.visivel(p_cliente_id, i.usuario_id, null);
    if not found then
        raise exception using errcode = 'ZNC04', message = 'importação não encontrada';
    end if;
    return jsonb_build_object('linhas', coalesce(v_cruas, '[]'));
end
$$;
comment on function api.importacao_lote_obter(uuid, text, uuid, integer) is
'As linhas cruas de um lote, para a borda ler; nenhuma depois que o lote entrou.
Erros: ZNC04 importação não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
