/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_publico_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_nome text, p_filtro jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    perform interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO']);
    perform interno.versao_conferir(
        (select k.versao from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id), p_versao
    );
    update public.campanhas as k set nome = btrim(p_nome)
    where k.cliente_id = p_cliente_id and k.id = p_id;
    if p_filtro is not null then
        update public.campanhas as k
        set publico_tipo = 'FILTRO', publico_filtro = interno.campanha_publico_filtro(p_cliente_id, null, p_filtro)
        where k.cliente_id = p_cliente_id and k.id = p_id;
        perform interno.campanha_publico_gravar(p_cliente_id, p_id, null);
    end if;
    perform interno.auditar(p_cliente_id, 'campanha_atualizada', 'campanhas', p_id);
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_publico_atualizar(uuid, text, uuid, integer, text, jsonb) is
'Primeiro passo de um rascunho: o nome e o público ({} = todos; nulo = fica o que está, por exemplo contatos escolhidos um a um).
Erros: ZNK01; ZCK01 não é rascunho; ZCG02 versão antiga; ZNE01; ZRK08 filtro.
Efeitos: campanhas, campanhas_publico, auditoria.
Desde: 0.3.0';
