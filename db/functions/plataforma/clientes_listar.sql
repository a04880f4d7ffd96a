/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.clientes_listar(p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer := interno.limite_ler(p_limite);
    v_cursor uuid := interno.cursor_ler(p_cursor);
    v_itens jsonb;
begin
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', x.id, 'nome', x.nome, 'plano', x.plano, 'ativo', x.ativo, 'criadoEm', x.criado_em
    ) order by x.id desc), '[]')
    into v_itens
    from (
        select c.id, c.nome, p.codigo as plano, c.ativo, c.criado_em
        from public.clientes as c
        join public.planos as p on p.id = c.plano_id
        where v_cursor is null or c.id < v_cursor
        order by c.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function plataforma.clientes_listar(integer, text) is
'Clientes da plataforma, do mais novo ao mais antigo.
Erros: 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.1.0';
