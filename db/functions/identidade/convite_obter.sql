/* pgmigrate-encoding: utf-8 */
create or replace function api.convite_obter(p_cliente_id uuid, p_segredo_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid := interno.convite_ler(p_cliente_id, p_segredo_hash);
begin
    return (
        select jsonb_build_object('nome', u.nome, 'email', u.email, 'empresa', c.nome, 'expiraEm', k.expira_em)
        from public.convites as k
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = k.usuario_id
        join public.clientes as c on c.id = p_cliente_id
        where k.cliente_id = p_cliente_id and k.usuario_id = v_usuario_id
    );
end
$$;
comment on function api.convite_obter(uuid, bytea) is
'De quem é um link de definir senha, para quem o abre; o segredo do link é a prova.
Erros: ZNI05 link usado, vencido ou desconhecido.
Efeitos: nenhum.
Desde: 0.3.0';
