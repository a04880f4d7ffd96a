/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuarios_limite_conferir(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_maximo integer;
begin
    perform interno.usuarios_travar(p_cliente_id);
    select pl.max_usuarios into v_maximo
    from public.clientes as c
    join public.planos as pl on pl.id = c.plano_id
    where c.id = p_cliente_id;
    if (select count(*) from public.usuarios as u where u.cliente_id = p_cliente_id and u.ativo) > v_maximo then
        raise exception using errcode = 'ZLI02', message = format('o plano permite até %s usuários ativos', v_maximo);
    end if;
end
$$;
comment on function interno.usuarios_limite_conferir(uuid) is
'Depois de criar ou ativar um usuário: ainda cabe no plano.
Erros: ZLI02 limite do plano.
Efeitos: trava a contagem de usuários.
Desde: 0.1.0';
