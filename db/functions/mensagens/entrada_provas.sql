/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_provas(p_cliente_id uuid, p_itens jsonb)
returns table (um_id uuid, outro_id uuid, funde boolean, motivo text, evidencia jsonb)
language sql stable security invoker set search_path = ''
as $$
    with itens as materialized (
        select i.n, i.value as item, (i.value ->> 'contatoId')::uuid as um_id, (o.value)::uuid as outro_id,
            i.value ->> 'tipo' is not distinct from 'SISTEMA' as do_sistema,
            jsonb_path_exists(i.value, '$.identidades[*] ? (@.tipo == "BSUID")') as traz_bsuid
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
        cross join lateral jsonb_array_elements_text(i.value -> 'outros') as o (value)
    ), pares as materialized (
        select i.*, x.um as um_sabe, y.outro as outro_sabe, s.id as sugestao_id, s.dispensada_em
        from itens as i
        cross join lateral (select interno.contato_provas(p_cliente_id, i.um_id) as um) as x
        cross join lateral (select interno.contato_provas(p_cliente_id, i.outro_id) as outro) as y
        left join public.contatos_sugestoes as s
            on s.cliente_id = p_cliente_id and s.contato_id = least(i.um_id, i.outro_id) and s.outro_id = greatest(i.um_id, i.outro_id)
    ), vistos as (
        select p.*, p.dispensada_em is null and case
            -- the system says so: numbers and ids differ, unless the other's id shows that it is somebody else's number now
            when p.do_sistema then not (p.traz_bsuid and p.outro_sabe -> 'bsuids' <> '[]' and not exists (
                select from jsonb_array_elements(p.item -> 'identidades') as d (value)
                where d.value ->> 'tipo' = 'BSUID' and p.outro_sabe -> 'bsuids' ? (d.value ->> 'valor')
            ))
            else
                '[]' in (p.um_sabe -> 'bsuids', p.outro_sabe -> 'bsuids') and '[]' in (p.um_sabe -> 'lids', p.outro_sabe -> 'lids')
                and ('[]' in (p.um_sabe -> 'telefones', p.outro_sabe -> 'telefones') or exists (
                    select from jsonb_array_elements_text(p.um_sabe -> 'telefones') as t (valor)
                    where p.outro_sabe -> 'telefones' ? t.valor
                ))
        end as funde
        from pares as p
    )
    select v.um_id, v.outro_id, v.funde, case
            when not v.do_sistema then 'MESMA_MENSAGEM'
            when v.item #>> '{conteudo,evento}' like '%number%' or not v.traz_bsuid then 'TROCA_DE_NUMERO'
            else 'TROCA_DE_ID'
        end,
        jsonb_build_object('idExterno', v.item -> 'idExterno', 'identidades', v.item -> 'identidades')
    from vistos as v
    where v.funde or v.sugestao_id is null
    order by v.n, v.outro_id;
$$;
comment on function interno.entrada_provas(uuid, jsonb) is
'De itens cujos nomes são de contatos diferentes: que pares a mensagem prova serem uma pessoa (funde), e quais não, porque cada um tem a sua própria identidade forte (BSUID, LID, telefone). Um par que alguém separou ou dispensou não volta; um já sugerido não se repete.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
