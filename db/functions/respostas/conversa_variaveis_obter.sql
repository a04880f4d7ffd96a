/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_variaveis_obter(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_busca text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_busca text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_visivel(p_cliente_id, p_conversa_id);
    v_busca := nullif(interno.texto_busca(left(p_busca, 100)), '');
    return jsonb_build_object('conversaId', p_conversa_id, 'variaveis', (
        select coalesce(jsonb_agg(jsonb_build_object('variavel', e.key, 'valor', nullif(btrim(e.value), '')) order by e.key), '[]')
        from jsonb_each_text(interno.resposta_valores(p_cliente_id, v_conversa)) as e
        where v_busca is null or strpos(interno.texto_busca(e.key), v_busca) > 0
    ));
end
$$;
comment on function api.conversa_variaveis_obter(uuid, text, uuid, text) is
'As variáveis que se podem escrever numa conversa e o que cada uma vale nela para quem pede (nulo: vazia), por nome. p_busca: trecho do nome, sem acento.
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
