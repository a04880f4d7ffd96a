/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_contatos_criar(p_cliente_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_novos jsonb;
    r_novo record;
begin
    -- one per person: by phone, or by that of a message that shares a name with this one, or by the first name
    with faltam as materialized (
        select i.n, i.value as item, i.value ->> 'telefone' as telefone, i.value ->> 'idExterno' as id_externo,
            (i.value ->> 'ocorridoEm')::timestamptz as ocorrido_em,
            nullif(left(btrim(regexp_replace(i.value ->> 'nome', '[[:cntrl:][:space:]]+', ' ', 'g')), 200), '') as nome
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
        where not i.value ? 'contatoId'
    ), nomes as materialized (
        select f.n, f.telefone, a.n as ordem, a.value ->> 'tipo' as tipo, a.value ->> 'valor' as valor
        from faltam as f
        cross join lateral jsonb_array_elements(f.item -> 'identidades') with ordinality as a (value, n)
    ), proximos as materialized (
        select n.n, min(o.telefone) as telefone
        from nomes as n
        join nomes as o on o.tipo = n.tipo and o.valor = n.valor
        group by n.n
    ), primeiros as materialized (
        select distinct on (n.n) n.n, n.tipo || ':' || n.valor as nome from nomes as n order by n.n, n.ordem
    ), pessoas as materialized (
        select f.*, coalesce(f.telefone, x.telefone, y.nome) as chave
        from faltam as f
        left join proximos as x on x.n = f.n
        left join primeiros as y on y.n = f.n
    ), chamadas as materialized (
        select p.chave, jsonb_agg(distinct jsonb_build_object('tipo', n.tipo, 'valor', n.valor)) as nomes
        from pessoas as p
        join nomes as n on n.n = p.n
        group by p.chave
    ), unicas as materialized (
        select distinct on (p.chave) p.chave, p.nome, p.telefone
        from pessoas as p
        order by p.chave, p.telefone, p.nome is null, p.ocorrido_em, p.id_externo
    )
    select jsonb_agg(jsonb_build_object(
        'id', uuidv7(), 'nome', coalesce(u.nome, u.telefone, 'Contato sem nome'), 'informado', u.telefone, 'duvida', d.duvida,
        'telefone', case when not d.duvida then u.telefone end,
        'nomes', coalesce(k.nomes, '[]')
    ) order by u.chave) into v_novos
    from unicas as u
    left join chamadas as k on k.chave = u.chave
    cross join lateral (
        select interno.telefone_ambiguo(u.telefone) and exists (
            select from public.contatos as c
            where c.cliente_id = p_cliente_id and c.removido_em is null
                and c.telefone in (u.telefone, left(u.telefone, 5) || '9' || substr(u.telefone, 6))
        ) as duvida
    ) as d;
    insert into public.contatos (cliente_id, id, nome, telefone, telefone_informado, origem)
    select p_cliente_id, n.id, n.nome, n.telefone, n.informado, 'WHATSAPP'
    from jsonb_to_recordset(v_novos) as n (id uuid, nome text, telefone text, informado text)
    order by n.telefone
    on conflict (cliente_id, telefone) where removido_em is null do nothing;
    for r_novo in
        select c.id, n.nomes, n.duvida, n.informado
        from jsonb_to_recordset(v_novos) as n (id uuid, nomes jsonb, duvida boolean, informado text)
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = n.id
        order by c.id
    loop
        insert into public.contatos_identidades (cliente_id, contato_id, tipo, valor)
        select p_cliente_id, r_novo.id, a.tipo, a.valor
        from jsonb_to_recordset(r_novo.nomes) as a (tipo text, valor text)
        order by a.tipo, a.valor
        on conflict do nothing;
        if r_novo.duvida then
            perform interno.ocorrencia_registrar(p_cliente_id, 'CONTATO', r_novo.id, null, 'NUMERO_AMBIGUO', null,
                'Recebemos mensagem de ' || r_novo.informado || ', parecido com o telefone de outro contato: confira se é a mesma pessoa');
        end if;
    end loop;
end
$$;
comment on function interno.entrada_contatos_criar(uuid, jsonb) is
'Cria os contatos dos itens sem contatoId, um por pessoa, com os nomes que o provedor usa. Um número que pode ser o de outro contato (com ou sem o nono dígito) não se junta a ele: fica à parte, com um aviso.
Erros: nenhum.
Efeitos: contatos, contatos_identidades, ocorrencias, eventos.
Desde: 0.2.0';
