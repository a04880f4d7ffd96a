/* pgmigrate-encoding: utf-8 */
create or replace function api.sessao_encerrar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_id := current_setting('app.sessao_id')::uuid;
    update public.sessoes as s set revogada_em = now(), motivo = 'SAIU'
    where s.cliente_id = p_cliente_id and s.id = v_id;
    perform interno.auditar(p_cliente_id, 'sessao_encerrada', 'sessoes', v_id);
    return jsonb_build_object('id', v_id);
end
$$;
comment on function api.sessao_encerrar(uuid, text) is
'Encerra a própria sessão; vale na chamada seguinte.
Erros: ZAG01 sessão inválida.
Efeitos: sessoes, auditoria, eventos.
Desde: 0.1.0';
