/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_atualizar(p_cliente_id uuid, p_sessao text, p_id uuid, p_atalho text default null, p_titulo text default null,
    p_texto text default null, p_midia_ids uuid[] default null, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta public.respostas_rapidas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.resposta_travar(p_cliente_id, p_id, p_versao);
    update public.respostas_rapidas as r
    set atalho = coalesce(interno.texto_busca(btrim(p_atalho, ' /')), r.atalho), titulo = coalesce(btrim(p_titulo), r.titulo),
        texto = coalesce(p_texto, r.texto)
    where r.cliente_id = p_cliente_id and r.id = p_id
    returning r.* into v_resposta;
    perform interno.resposta_midias_gravar(p_cliente_id, v_resposta, coalesce(p_midia_ids, array(
        select x.midia_id from public.respostas_rapidas_midias as x
        where x.cliente_id = p_cliente_id and x.resposta_id = p_id order by x.ordem
    )));
    perform interno.auditar(p_cliente_id, 'resposta_mudada', 'respostas_rapidas', p_id);
    perform interno.avisar(p_cliente_id, 'resposta_mudou', p_id);
    return interno.resposta_json(v_resposta);
end
$$;
comment on function api.resposta_rapida_atualizar(uuid, text, uuid, text, text, text, uuid[], integer) is
'Muda uma resposta rápida; o que não vem fica como está, e de quem ela é não muda.
Erros: ZNV82 não encontrada; ZPG01 sem permissão; ZCG02 versão antiga; ZCV81 atalho repetido; ZRV80, ZRV83, ZRV84; ZND01; 23514 valor fora da regra.
Efeitos: respostas_rapidas, respostas_rapidas_midias, auditoria, eventos.
Desde: 0.3.0';
