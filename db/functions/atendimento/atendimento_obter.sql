/* pgmigrate-encoding: utf-8 */
create or replace function api.atendimento_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    return interno.atendimento_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.atendimento_obter(uuid, text) is
'A mesa de quem pede: disponibilidade, vagas e o que espera nas suas filas.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
