/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_trechos_json(p_cliente_id uuid, p_busca text, p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    v_consulta tsquery := interno.busca_consulta(p_busca);
    -- marks that no text can contain, and that leave with the cutting: the snippet is plain pieces, never markup
    c_abre constant text := chr(2);
    c_fecha constant text := chr(3);
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', m.id, 'conversaId', m.conversa_id, 'contato', jsonb_build_object('id', c.id, 'nome', c.nome),
            'direcao', m.direcao, 'tipo', m.tipo, 'ocorridoEm', m.ocorrido_em, 'trecho', (
                select coalesce(jsonb_agg(jsonb_build_object('texto', p.texto, 'achado', p.n % 2 = 0) order by p.n) filter (where p.texto <> ''), '[]')
                from regexp_split_to_table(
                    ts_headline('public.portugues', translate(left(m.corpo, 20000), '<>' || c_abre || c_fecha, '  '), v_consulta,
                        'StartSel=' || c_abre || ', StopSel=' || c_fecha || ', MaxWords=30, MinWords=12'),
                    '[' || c_abre || c_fecha || ']'
                ) with ordinality as p (texto, n)
            )
        ) order by m.id desc), '[]')
        from unnest(p_ids) as l (id)
        join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = l.id
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
    );
end
$$;
comment on function interno.mensagens_trechos_json(uuid, text, uuid[]) is
'Mensagens achadas por uma busca, com o trecho em pedaços de texto puro, os achados marcados.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
