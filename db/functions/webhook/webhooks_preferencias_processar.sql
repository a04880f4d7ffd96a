/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_preferencias_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb;
    r_item record;
    v_todos uuid[];
begin
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'idExterno', w.id || ':' || c.n || ':' || p.n, 'identidades', i.identidades, 'nome', interno.jsonb_texto(c.value #> '{value,contacts,0,profile,name}', 1000),
        'telefone', interno.telefone_canonico(interno.jsonb_nome(p.value -> 'wa_id', 160)),
        'acao', case p.value ->> 'value' when 'stop' then 'REVOGADO' else 'CONCEDIDO' end, 'detalhe', interno.jsonb_texto(p.value -> 'detail', 1000),
        'ocorridoEm', case when p.value ->> 'timestamp' ~ '^[0-9]{9,11}$'
            then to_timestamp((p.value ->> 'timestamp')::bigint) else w.recebido_em end
    ))) into v_itens
    from public.webhooks_recebidos as w
    cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*].changes[*]') with ordinality as c (value, n)
    cross join lateral jsonb_path_query(c.value, '$.value.user_preferences[*] ? (@.type() == "object")') with ordinality as p (value, n)
    cross join lateral (
        select jsonb_agg(jsonb_build_object('tipo', x.tipo, 'valor', x.valor) order by x.tipo) as identidades
        from (values ('BSUID', interno.jsonb_nome(p.value -> 'user_id', 160)), ('WA_ID', interno.jsonb_nome(p.value -> 'wa_id', 160))) as x (tipo, valor)
        where x.valor is not null
    ) as i
    where w.cliente_id = p_cliente_id and w.id = any (p_ids) and c.value ->> 'field' = 'user_preferences'
        and p.value ->> 'category' = 'marketing_messages' and p.value ->> 'value' in ('stop', 'resume', 'signup')
        and i.identidades is not null;
    if v_itens is null then
        return;
    end if;
    for r_item in
        select i.* from jsonb_to_recordset(interno.entrada_contatos(p_cliente_id, v_itens)) as i (
            "contatoId" uuid, acao text, detalhe text, "ocorridoEm" timestamptz
        )
        order by i."contatoId", i."ocorridoEm"
    loop
        perform from public.contatos as c where c.cliente_id = p_cliente_id and c.id = r_item."contatoId" for no key update;
        v_todos := interno.contato_e_fundidos(p_cliente_id, r_item."contatoId");
        -- what was said later is known already, or this very thing is
        continue when exists (
            select from public.consentimentos as k
            where k.cliente_id = p_cliente_id and k.contato_id = any (v_todos) and k.finalidade = 'MARKETING'
                and (k.ocorrido_em > r_item."ocorridoEm" or (
                    k.ocorrido_em = r_item."ocorridoEm" and k.acao in ('REVOGADO', r_item.acao)
                ))
        );
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, ocorrido_em)
        values (
            p_cliente_id, r_item."contatoId", 'MARKETING', r_item.acao, 'PROVEDOR',
            left('Preferência informada pelo WhatsApp: ' || coalesce(nullif(r_item.detalhe, ''), r_item.acao), 1000), r_item."ocorridoEm"
        );
        perform interno.avisar(p_cliente_id, 'contato_mudou', r_item."contatoId");
    end loop;
end
$$;
comment on function interno.webhooks_preferencias_processar(uuid, uuid[]) is
'Leva ao livro de consentimentos o que as pessoas disseram ao WhatsApp sobre marketing (parar, retomar); vale o que foi dito por último, em qualquer ordem de chegada.
Erros: 22P02 quando um corpo não se lê.
Efeitos: consentimentos, contatos, contatos_identidades, supressoes, ocorrencias, eventos.
Desde: 0.2.0';
