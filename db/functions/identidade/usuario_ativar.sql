/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_ativar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    perform interno.usuario_travar(p_cliente_id, p_id, p_versao);
    update public.usuarios as u set ativo = true where u.cliente_id = p_cliente_id and u.id = p_id and u.ativo <> true;
    perform interno.usuarios_limite_conferir(p_cliente_id);
    perform interno.auditar(p_cliente_id, 'usuario_ativado', 'usuarios', p_id);
    return interno.usuarios_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.usuario_ativar(uuid, text, uuid, integer) is
'Reativa um usuário, se ainda cabe no plano.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI02 usuário não encontrado; ZCG02 versão antiga; ZLI02 limite do plano.
Efeitos: usuarios, auditoria, eventos.
Desde: 0.1.0';
