/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_conferir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_destinos text[], p_modo text default 'IGNORAR', p_etiqueta_ids uuid[] default '{}',
    p_consentimento_prova text default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_importacao := interno.importacao_travar(p_cliente_id, p_id, p_versao);
    if v_importacao.status not in ('MAPEAR', 'LENDO', 'CONFERIDA') then
        raise exception using errcode = 'ZCC10', message = 'esta importação não está mais nesse passo: recarregue a página';
    end if;
    perform interno.importacao_destinos_conferir(v_importacao.colunas, p_destinos);
    if exists (
        select from unnest(p_etiqueta_ids) as i (id)
        where not exists (select from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = i.id)
    ) then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    update public.importacoes_lotes as k
    set lidas = null, lida_em = null, recusadas = '[]', motivos = '{}', existentes = 0
    where k.cliente_id = p_cliente_id and k.importacao_id = p_id;
    update public.importacoes as i
    set status = 'LENDO', destinos = p_destinos, modo = p_modo, etiqueta_ids = p_etiqueta_ids,
        consentimento_prova = nullif(btrim(p_consentimento_prova), '')
    where i.cliente_id = p_cliente_id and i.id = p_id
    returning i.* into v_importacao;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_conferir(uuid, text, uuid, text[], text, uuid[], text, integer) is
'Diz para onde vai cada coluna e o que fazer com as linhas; a borda passa a lê-las, lote a lote (importacao_lote_obter, importacao_lote_concluir), e nada entra ainda.
Erros: ZNC04 importação não encontrada; ZCG02 versão antiga; ZCC10 já começou; ZRC08 telefone; ZRC09 destino repetido; ZRC07 declaração; ZNE01 etiqueta não encontrada; 22023 destinos; 23514 valor fora da regra.
Efeitos: importacoes, importacoes_lotes, eventos.
Desde: 0.3.0';
