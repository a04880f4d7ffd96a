/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_leitura_desfazer(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id);
    if v_conversa.nao_lidas = 0 then
        update public.conversas as v set nao_lidas = 1
        where v.cliente_id = p_cliente_id and v.id = p_id
        returning v.* into v_conversa;
    end if;
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_leitura_desfazer(uuid, text, uuid) is
'Marca uma conversa como não lida, para voltar a ela.
Erros: ZNV01 conversa não encontrada.
Efeitos: conversas.
Desde: 0.3.0';
