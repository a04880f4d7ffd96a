/* pgmigrate-encoding: utf-8 */
create or replace function interno.funcoes_listar() returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_object_agg('api.' || p.proname, jsonb_build_object(
        'permissao', substring(p.prosrc from 'contexto_abrir\s*\([^,]+,[^,]+,\s*''([^'']+)'''),
        'escreve', pg_catalog.obj_description(p.oid, 'pg_proc') !~ '\nEfeitos: nenhum\.'
    ))
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'api'::regnamespace;
$$;
comment on function interno.funcoes_listar() is
'De cada função de api, a permissão que ela mesma pede e se escreve: lidas do seu corpo e do seu comentário, para que ninguém as diga outra vez.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
