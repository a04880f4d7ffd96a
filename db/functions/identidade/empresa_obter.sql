/* pgmigrate-encoding: utf-8 */
create or replace function api.empresa_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:ler');
    return interno.empresa_json(p_cliente_id);
end
$$;
comment on function api.empresa_obter(uuid, text) is
'A empresa: nome, fuso, plano e quanto dele se usa.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
