/* pgmigrate-encoding: utf-8 */
create or replace function api.nota_criar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_texto text, p_mencoes uuid[] default '{}',
    p_limpar_rascunho boolean default false, p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_nota public.notas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'nota_criar', p_chave_idempotencia, jsonb_build_array(p_conversa_id, p_texto, p_mencoes));
    if v_resposta is not null then
        return v_resposta;
    end if;
    -- a conversation that is resolved may still be commented
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    insert into public.notas (cliente_id, conversa_id, usuario_id, texto)
    values (p_cliente_id, p_conversa_id, interno.usuario_corrente(), btrim(p_texto))
    returning * into v_nota;
    perform interno.mencoes_gravar(p_cliente_id, v_nota, coalesce(p_mencoes, '{}'));
    if p_limpar_rascunho then
        delete from public.rascunhos as r
        where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = p_conversa_id;
    end if;
    return interno.idempotencia_fechar(p_cliente_id, 'nota_criar', p_chave_idempotencia, interno.nota_json(v_nota));
end
$$;
comment on function api.nota_criar(uuid, text, uuid, text, uuid[], boolean, text) is
'Escreve uma nota interna numa conversa, mesmo resolvida, e chama quem ela menciona. p_limpar_rascunho: o rascunho desta conversa some na mesma transação.
Erros: ZNV01 conversa não encontrada; ZRV81, ZRV82 menções; ZCG03 chave usada com outro pedido; 23514 texto vazio ou grande demais.
Efeitos: notas, mencoes, rascunhos, eventos, chaves_idempotencia.
Desde: 0.3.0';
