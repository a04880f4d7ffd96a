/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_preparar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    perform interno.conexoes_limite_conferir(p_cliente_id);
    return jsonb_build_object('permitido', true);
end
$$;
comment on function api.instancia_preparar(uuid, text) is
'Se este usuário pode criar mais uma conexão: a borda pergunta antes de criar o aparelho no servidor.
Erros: ZLX01 limite do plano.
Efeitos: nenhum.
Desde: 0.2.0';
