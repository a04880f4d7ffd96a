/* pgmigrate-encoding: utf-8 */
create or replace function api.sessao_revogar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    update public.sessoes as s set revogada_em = now(), motivo = 'REVOGADA'
    where s.cliente_id = p_cliente_id and s.id = p_id and s.usuario_id = interno.usuario_corrente() and s.revogada_em is null;
    if not found then
        raise exception using errcode = 'ZNI01', message = 'sessão não encontrada';
    end if;
    perform interno.auditar(p_cliente_id, 'sessao_revogada', 'sessoes', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.sessao_revogar(uuid, text, uuid) is
'Encerra uma das próprias sessões, por exemplo a de um aparelho perdido.
Erros: ZAG01 sessão inválida; ZNI01 sessão não encontrada.
Efeitos: sessoes, auditoria, eventos.
Desde: 0.1.0';
