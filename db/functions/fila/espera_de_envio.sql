/* pgmigrate-encoding: utf-8 */
create or replace function interno.espera_de_envio(p_classe text, p_vez integer, p_sorte double precision) returns interval
language sql stable security invoker set search_path = ''
as $$
    -- jitter of up to a half, so that what failed together does not come back together; a pair is alone
    select least(c.espera_s * c.espera_fator::double precision ^ greatest(p_vez - 1, 0), c.espera_maxima_s)
        * case c.escopo when 'PAR' then 1 else 0.5 + p_sorte end * interval '1 second'
    from public.provedor_classes as c
    where c.classe = p_classe;
$$;
comment on function interno.espera_de_envio(text, integer, double precision) is
'Quanto esperar antes de tentar de novo pela p_vez-ésima vez, pela classe do erro (provedor_classes; p_sorte entre 0 e 1 espalha).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
