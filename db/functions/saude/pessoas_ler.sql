/* pgmigrate-encoding: utf-8 */
create or replace function interno.pessoas_ler(p_valor jsonb) returns integer
language sql immutable security invoker set search_path = ''
as $$
    select case
        when x.texto in ('-1', 'UNLIMITED') then -1
        when x.texto ~ '^[0-9]{1,7}$' then x.texto::integer
        when x.texto ~ '^[0-9]{1,4}K$' then rtrim(x.texto, 'K')::integer * 1000
    end
    from (select regexp_replace(upper(p_valor #>> '{}'), '^TIER_', '') as texto) as x;
$$;
comment on function interno.pessoas_ler(jsonb) is
'Limite de pessoas em 24 h como o provedor o escreve (TIER_2K, TIER_250, TIER_UNLIMITED, 2000, -1): -1 = sem limite, nulo = não se entende.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
