/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_mensagem public.mensagens;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_mensagem := interno.mensagem_visivel(p_cliente_id, p_id);
    if v_mensagem.motivo is distinct from 'CANCELADA' then
        v_mensagem := interno.mensagem_retirar(p_cliente_id, p_id);
    end if;
    return interno.mensagem_json(v_mensagem);
end
$$;
comment on function api.mensagem_cancelar(uuid, text, uuid) is
'Desfaz uma mensagem que ainda não começou a sair e a devolve inteira, para que se possa voltar a escrevê-la; repetir responde o mesmo.
Erros: ZNV02 mensagem não encontrada; os de mensagem_retirar.
Efeitos: fila, mensagens, conversas, eventos.
Desde: 0.2.0';
