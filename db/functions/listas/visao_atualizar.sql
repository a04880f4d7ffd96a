/* pgmigrate-encoding: utf-8 */
create or replace function api.visao_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_nome text default null, p_filtros jsonb default null,
    p_ordem text default null, p_equipe_id uuid default null, p_fixada boolean default null, p_limpar text[] default '{}'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_visao public.visoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_visao := interno.visao_travar(p_cliente_id, p_id, p_versao);
    perform interno.conversas_ordem_ler(p_ordem, interno.conversas_filtros_ler(p_filtros));
    perform interno.visao_equipe_conferir(p_cliente_id, p_equipe_id);
    update public.visoes as s
    set nome = coalesce(btrim(p_nome), s.nome), filtros = coalesce(jsonb_strip_nulls(p_filtros), s.filtros), ordem = coalesce(p_ordem, s.ordem),
        equipe_id = case when 'equipeId' = any (p_limpar) then null else coalesce(p_equipe_id, s.equipe_id) end,
        fixada = coalesce(p_fixada, s.fixada)
    where s.cliente_id = p_cliente_id and s.id = p_id
    returning s.* into v_visao;
    perform interno.avisar(p_cliente_id, 'visao_mudou', p_id);
    return interno.visao_json(v_visao);
end
$$;
comment on function api.visao_atualizar(uuid, text, uuid, integer, text, jsonb, text, uuid, boolean, text[]) is
'Muda uma visão salva; nulo = fica como está, p_limpar esvazia (equipeId: volta a ser só de quem a criou).
Erros: ZNV06 visão não encontrada; ZCG02 versão antiga; ZNI04 equipe não encontrada; 22* filtro ou ordem inválidos; 23514 valor fora da regra.
Efeitos: visoes, eventos.
Desde: 0.3.0';
