/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_destino(
    p_cliente_id uuid, p_provedor text, p_contato_id uuid, p_telefone text, p_alvo_id uuid, p_tentativa_id uuid
) returns table (para text, para_tipo text)
language plpgsql stable security invoker set search_path = '' rows 1
as $$
#variable_conflict use_column
begin
    -- plpgsql keeps its plan between calls; planned every time, this costs more than it does
    return query
    select d.para, d.para_tipo
    from (
        -- the provider's own name for the person, once known, beats our canonical number
        select i.valor as para, x.para_tipo,
            -- a JID is asked for again after 30 days, unless there is no phone to ask by
            case when i.tipo = 'JID' and i.conferido_em <= now() - interval '30 days' then 4 else x.ordem end as ordem, i.id::text as depois
        from public.contatos_identidades as i
        join (values
            ('META_API', 'WA_ID', 'TELEFONE', 1), ('META_API', 'BSUID', 'BSUID', 3),
            ('UAIZAP', 'JID', 'JID', 0), ('UAIZAP', 'WA_ID', 'TELEFONE', 1), ('UAIZAP', 'LID', 'JID', 3)
        ) as x (provedor, tipo, para_tipo, ordem) on x.provedor = p_provedor and x.tipo = i.tipo
        where i.cliente_id = p_cliente_id and i.contato_id = p_contato_id
        union all
        select f.forma, 'TELEFONE', 2,
            -- Meta resolves the canonical form by itself; elsewhere the likelier form goes first
            case when p_provedor = 'META_API' and f.forma = ltrim(p_telefone, '+') then '9' else (9 - f.n)::text end
        from unnest(interno.telefone_formas(p_telefone)) with ordinality as f (forma, n)
        where p_telefone is not null
    ) as d
    order by p_tentativa_id is not null and exists (
        -- refused in this very sending: the other form
        select from public.tentativas as t
        join public.provedor_erros as e on e.provedor = p_provedor and e.codigo = t.erro_codigo and e.outra_forma
        where t.cliente_id = p_cliente_id and t.alvo_id = p_alvo_id and t.para = d.para and t.desfecho = 'REJEITADO'
    ), d.ordem, d.depois desc
    limit 1;
end
$$;
comment on function interno.envio_destino(uuid, text, uuid, text, uuid, uuid) is
'A quem pedir o envio: o nome que o provedor já deu à pessoa, o telefone canônico, a outra forma dele se esta já foi recusada neste envio, ou o identificador que houver.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
