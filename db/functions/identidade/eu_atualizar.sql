/* pgmigrate-encoding: utf-8 */
create or replace function api.eu_atualizar(p_cliente_id uuid, p_sessao text, p_nome text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    update public.usuarios as u set nome = btrim(p_nome)
    where u.cliente_id = p_cliente_id and u.id = interno.usuario_corrente();
    perform interno.auditar(p_cliente_id, 'usuario_atualizado', 'usuarios', interno.usuario_corrente());
    return interno.identidade_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.eu_atualizar(uuid, text, text) is
'Muda o próprio nome, como os outros o veem.
Erros: ZAG01 sessão inválida; ZRI07 nome; 23502 nome ausente.
Efeitos: usuarios, auditoria, eventos.
Desde: 0.3.0';
