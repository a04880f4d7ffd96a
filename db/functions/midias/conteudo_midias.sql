/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_midias(p_conteudo jsonb) returns uuid[]
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(array_agg(distinct x.id::uuid), '{}')
    from (
        values (p_conteudo ->> 'midiaId'), (p_conteudo #>> '{cabecalho,midiaId}'), (p_conteudo #>> '{parametros,cabecalho.midia,midiaId}')
    ) as x (id)
    where x.id is not null;
$$;
comment on function interno.conteudo_midias(jsonb) is
'As mídias nossas que o conteúdo de uma mensagem cita: a própria, a do cabeçalho, a do modelo.
Erros: 22P02 id malformado.
Efeitos: nenhum.
Desde: 0.2.0';
