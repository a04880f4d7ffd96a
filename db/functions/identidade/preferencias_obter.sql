/* pgmigrate-encoding: utf-8 */
create or replace function api.preferencias_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    return interno.preferencias_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.preferencias_obter(uuid, text) is
'O que quem pede escolheu para a própria tela.
Erros: ZAG01 sessão inválida.
Efeitos: nenhum.
Desde: 0.3.0';
