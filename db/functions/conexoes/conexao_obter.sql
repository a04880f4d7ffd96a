/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:ler');
    select x.* into v_conexao
    from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_id and x.removido_em is null;
    if not found then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.conexao_obter(uuid, text, uuid) is
'Uma conexão, sem credenciais.
Erros: ZNX01 conexão não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
