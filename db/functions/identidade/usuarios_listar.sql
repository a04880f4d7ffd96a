/* pgmigrate-encoding: utf-8 */
create or replace function api.usuarios_listar(
    p_cliente_id uuid, p_sessao text, p_ativo boolean default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    return interno.pagina(interno.usuarios_json(p_cliente_id, array(
        select u.id from public.usuarios as u
        where u.cliente_id = p_cliente_id and (p_ativo is null or u.ativo = p_ativo) and (v_cursor is null or u.id < v_cursor)
        order by u.id desc
        limit v_limite + 1
    )), v_limite);
end
$$;
comment on function api.usuarios_listar(uuid, text, boolean, integer, text) is
'Usuários do cliente, do mais novo ao mais antigo.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.1.0';
