/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_rascunho_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_filtro jsonb default '{}', p_contato_ids uuid[] default null,
    p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'campanha_rascunho_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_filtro, p_contato_ids)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    insert into public.campanhas (cliente_id, nome, publico_tipo, publico_filtro, criado_por)
    values (
        p_cliente_id, btrim(p_nome), interno.campanha_publico_tipo(p_contato_ids, null, case when p_contato_ids is null then p_filtro end),
        interno.campanha_publico_filtro(p_cliente_id, null, p_filtro), interno.usuario_corrente()
    ) returning id into v_id;
    perform interno.campanha_publico_gravar(p_cliente_id, v_id, p_contato_ids);
    perform interno.auditar(p_cliente_id, 'campanha_criada', 'campanhas', v_id);
    return interno.idempotencia_fechar(
        p_cliente_id, 'campanha_rascunho_criar', p_chave_idempotencia, interno.campanha_json(p_cliente_id, v_id)
    );
end
$$;
comment on function api.campanha_rascunho_criar(uuid, text, text, jsonb, uuid[], text) is
'Começa uma campanha pelo nome e pelo público ({} = todos); modelo e envio vêm depois, passo a passo.
Erros: ZNC01, ZNE01 etiqueta não encontrada; ZRK01 público; ZRK08 filtro; ZCG03.
Efeitos: campanhas, campanhas_publico, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
