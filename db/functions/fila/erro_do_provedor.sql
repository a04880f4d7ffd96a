/* pgmigrate-encoding: utf-8 */
create or replace function interno.erro_do_provedor(
    p_provedor text, p_codigo integer, p_subcodigo integer, p_http integer, p_detalhe text, p_transitorio boolean default false
) returns table (
    codigo integer, classe text, prova boolean, texto text, outra_forma boolean, escopo text, acao text, efeito text,
    tentativas_maximas smallint
)
language sql stable security invoker set search_path = '' rows 1
as $$
    with achado as (
        select x.codigo
        from (
            select f.codigo, 1 as ordem, 0 as n
            from public.provedor_erros_faixas as f
            where f.provedor = p_provedor and f.subcodigo = p_subcodigo and p_codigo between f.de and f.ate
            union all
            select e.codigo, 2, 0 from public.provedor_erros as e where e.provedor = p_provedor and e.codigo = p_codigo
            union all
            select f.codigo, 3, 0
            from public.provedor_erros_faixas as f
            where f.provedor = p_provedor and f.subcodigo = -1 and p_codigo between f.de and f.ate
            union all
            select t.codigo, 4, t.ordem
            from public.provedor_erros_textos as t
            where t.provedor = p_provedor and p_codigo is null and (t.http is null or t.http = p_http)
                and position(t.trecho in lower(coalesce(p_detalhe, ''))) > 0
        ) as x
        order by x.ordem, x.n limit 1
    )
    select coalesce(p_codigo, e.codigo), c.classe,
        coalesce(e.prova_nao_envio, not u.incerto), coalesce(e.texto, 'O provedor recusou o envio'),
        coalesce(e.outra_forma, false), c.escopo, c.acao, c.efeito, c.tentativas_maximas
    from (select coalesce(p_transitorio, false) or coalesce(p_http, 0) >= 500 as incerto) as u
    left join achado as a on true
    left join public.provedor_erros as e on e.provedor = p_provedor and e.codigo = a.codigo
    -- what nobody has told us about: a refusal is the message's own fault, a failure of theirs may have sent it
    join public.provedor_classes as c on c.classe = coalesce(e.classe, case when u.incerto then 'PLATFORM' else 'REQUEST' end);
$$;
comment on function interno.erro_do_provedor(text, integer, integer, integer, text, boolean) is
'O que significa um erro do provedor e o que se faz diante dele, só por tabelas: código com subcódigo, código, faixa de códigos ou, de quem não dá códigos, status HTTP e trecho do texto.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
