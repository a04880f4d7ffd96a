/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_cartoes(p_dentro jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object('nome', coalesce(v.nome, 'Contato'), 'telefones', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'telefone', btrim(f.achado [2]), 'waId', substring(f.achado [1] from 'waid=([0-9]{5,20})')
        ))), '[]')
        from regexp_matches(v.vcard, '^(?:item[0-9]+\.)?TEL([^:\r\n]*):([^\r\n]*)', 'gn') as f (achado)
    )) order by v.n), '[]')
    from (
        select 1 as n, interno.jsonb_texto(p_dentro -> 'displayName', 500) as nome, interno.jsonb_texto(p_dentro -> 'vcard', 65536) as vcard
        union all
        select 1 + c.n, interno.jsonb_texto(c.valor -> 'displayName', 500), interno.jsonb_texto(c.valor -> 'vcard', 65536)
        from jsonb_array_elements(case when jsonb_typeof(p_dentro -> 'contacts') = 'array' then p_dentro -> 'contacts' else '[]' end)
        with ordinality as c (valor, n)
    ) as v
    where v.vcard is not null;
$$;
comment on function interno.uaizap_cartoes(jsonb) is
'Nomes e telefones dos cartões de contato de uma mensagem do servidor UaiZap.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
