/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:ler');
    v_usuario := interno.usuarios_json(p_cliente_id, array[p_id]) -> 0;
    if v_usuario is null then
        raise exception using errcode = 'ZNI02', message = 'usuário não encontrado';
    end if;
    return v_usuario;
end
$$;
comment on function api.usuario_obter(uuid, text, uuid) is
'Um usuário do cliente.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI02 usuário não encontrado.
Efeitos: nenhum.
Desde: 0.1.0';
