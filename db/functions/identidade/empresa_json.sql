/* pgmigrate-encoding: utf-8 */
create or replace function interno.empresa_json(p_cliente_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', c.id, 'nome', c.nome, 'fuso', c.fuso, 'slaMinutos', c.sla_minutos, 'plano', pl.nome,
        'licencaExpiraEm', (
            select max(l.expira_em) from public.licencas as l
            where l.cliente_id = p_cliente_id and l.ativo having bool_and(l.expira_em is not null)
        ),
        'usuarios', jsonb_build_object('maximo', pl.max_usuarios, 'usados', (
            select count(*) from public.usuarios as u where u.cliente_id = p_cliente_id and u.ativo
        )),
        'conexoes', jsonb_build_object('maximo', pl.max_conexoes, 'usados', (
            select count(*) from public.conexoes as x where x.cliente_id = p_cliente_id and x.removido_em is null
        )),
        'contatos', jsonb_build_object('maximo', pl.max_contatos, 'usados', coalesce((
            select t.total from public.contatos_totais as t where t.cliente_id = p_cliente_id
        ), 0)),
        'versao', c.versao
    )
    from public.clientes as c
    join public.planos as pl on pl.id = c.plano_id
    where c.id = p_cliente_id;
$$;
comment on function interno.empresa_json(uuid) is
'A empresa como a API a mostra: nome, fuso, plano e quanto dele se usa.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
