/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_identidades_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb;
begin
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'idExterno', w.id || ':' || c.n || ':' || u.n, 'identidades', i.identidades, 'nome', interno.jsonb_texto(c.value #> '{value,contacts,0,profile,name}', 1000),
        'telefone', interno.telefone_canonico(interno.jsonb_nome(u.value -> 'wa_id', 160)), 'ocorridoEm', w.recebido_em
    ))) into v_itens
    from public.webhooks_recebidos as w
    cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*].changes[*] ? (@.field == "user_id_update")') with ordinality as c (value, n)
    cross join lateral jsonb_path_query(c.value, '$.value.user_id_update[*] ? (@.type() == "object")') with ordinality as u (value, n)
    cross join lateral (
        -- the inner form is not settled: both that have been seen; the old id comes first, and decides who it is
        select jsonb_agg(jsonb_build_object('tipo', x.tipo, 'valor', x.valor) order by x.ordem) as identidades
        from (
            values
            (1, 'BSUID', coalesce(interno.jsonb_nome(u.value -> 'previous_user_id', 160), interno.jsonb_nome(u.value #> '{user_id,previous}', 160))), (2, 'WA_ID', interno.jsonb_nome(u.value -> 'wa_id', 160)),
            (3, 'BSUID', coalesce(interno.jsonb_nome(u.value #> '{user_id,current}', 160), interno.jsonb_nome(u.value -> 'user_id', 160)))
        ) as x (ordem, tipo, valor)
        where x.valor is not null
    ) as i
    where w.cliente_id = p_cliente_id and w.id = any (p_ids) and i.identidades is not null;
    if v_itens is not null then
        perform interno.entrada_contatos(p_cliente_id, v_itens);
    end if;
end
$$;
comment on function interno.webhooks_identidades_processar(uuid, uuid[]) is
'Aprende o id novo de quem a Meta passou a chamar de outro jeito (user_id_update); os de antes continuam a valer.
Erros: 22P02 quando um corpo não se lê.
Efeitos: contatos, contatos_identidades, ocorrencias, eventos.
Desde: 0.3.0';
