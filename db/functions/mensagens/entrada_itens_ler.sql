/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_itens_ler(p_cliente_id uuid, p_itens jsonb) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with lidos as materialized (
        select distinct on (x.conexao_id, x.id_externo) x.*
        from (
            select i.n, i.value as item, (i.value ->> 'conexaoId')::uuid as conexao_id, i.value ->> 'idExterno' as id_externo,
                (i.value ->> 'ocorridoEm')::timestamptz as ocorrido_em, i.value ->> 'direcao' = 'SAIDA' as nossa, interno.telefone_canonico(i.value ->> 'telefone') as telefone,
                coalesce(i.value -> 'identidades', '[]') as identidades
            from jsonb_array_elements(p_itens) with ordinality as i (value, n)
        ) as x
        where char_length(x.id_externo) between 1 and 300 and (x.identidades <> '[]' or x.telefone is not null)
        order by x.conexao_id, x.id_externo, x.n
    )
    -- what is stored already has had its effects, whatever became of the person or the conversation since
    select coalesce(jsonb_agg(
        l.item || jsonb_build_object(
            'n', l.n, 'telefone', l.telefone,
            -- an ambiguous number is matched only by itself, so it is kept as a name of the person
            'identidades', l.identidades || case when interno.telefone_ambiguo(l.telefone)
                then jsonb_build_array(jsonb_build_object('tipo', 'E164', 'valor', l.telefone)) else '[]' end
        ) order by l.ocorrido_em, l.n
    ), '[]')
    from lidos as l
    where not exists (
        select from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conexao_id = l.conexao_id and m.id_externo = l.id_externo
        offset 0
    -- an echo of what went out through here: a campaign's message is in no conversation yet
    ) and not (l.nossa is true and exists (
        select from public.tentativas as t
        where t.cliente_id = p_cliente_id and t.conexao_id = l.conexao_id and t.id_externo = l.id_externo
        offset 0
    ));
$$;
comment on function interno.entrada_itens_ler(uuid, jsonb) is
'De mensagens recebidas, as que ainda não estão guardadas, uma vez cada uma, por hora e, dentro dela, na ordem dada (n), com o telefone canônico.
Erros: 22* quando um item não tem a forma combinada.
Efeitos: nenhum.
Desde: 0.2.0';
