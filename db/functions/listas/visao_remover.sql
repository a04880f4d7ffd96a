/* pgmigrate-encoding: utf-8 */
create or replace function api.visao_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_visao public.visoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_visao := interno.visao_travar(p_cliente_id, p_id, p_versao);
    delete from public.visoes as s where s.cliente_id = p_cliente_id and s.id = p_id;
    perform interno.avisar(p_cliente_id, 'visao_mudou', p_id);
    return jsonb_build_object('id', p_id, 'versao', v_visao.versao);
end
$$;
comment on function api.visao_remover(uuid, text, uuid, integer) is
'Remove uma visão salva.
Erros: ZNV06 visão não encontrada; ZCG02 versão antiga.
Efeitos: visoes, eventos.
Desde: 0.3.0';
