/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_lote_gravar(p_importacao public.importacoes, p_ordem integer, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_cliente_id uuid := p_importacao.cliente_id;
    v_lidas jsonb;
    v_feitas jsonb;
begin
    select k.lidas into v_lidas
    from public.importacoes_lotes as k
    where k.cliente_id = v_cliente_id and k.importacao_id = p_importacao.id and k.ordem = p_ordem;
    select coalesce(jsonb_agg(to_jsonb(g)), '[]') into v_feitas
    from interno.contatos_lote_gravar(
        v_cliente_id, v_lidas, p_importacao.modo, interno.contatos_livres(v_cliente_id), interno.etiquetas_livres(v_cliente_id)
    ) as g;
    -- someone else may have filled the plan meanwhile: done again, this batch counts them
    if interno.contatos_livres(v_cliente_id) < 0 then
        raise exception using errcode = '40001', message = 'o total de contatos mudou durante o lote';
    end if;
    perform interno.contatos_lote_marcar(v_cliente_id, v_feitas, array(
        select e.id from public.etiquetas as e where e.cliente_id = v_cliente_id and e.id = any (p_importacao.etiqueta_ids)
    ), p_importacao.consentimento_prova);
    with feitas as materialized (
        select g.linha, g.resultado, g.motivo from jsonb_to_recordset(v_feitas) as g (linha integer, resultado text, motivo text)
    )
    update public.importacoes_lotes as k set
        feito_em = p_agora, cruas = null, lidas = null,
        totais = (
            select jsonb_build_object(
                'criados', count(*) filter (where f.resultado = 'CRIADO'), 'atualizados', count(*) filter (where f.resultado = 'ATUALIZADO'),
                'ignorados', count(*) filter (where f.resultado = 'IGNORADO')
            ) from feitas as f
        ),
        recusadas = k.recusadas || (
            select coalesce(jsonb_agg(
                l.value - 'telefone' || jsonb_build_object('motivo', f.motivo, 'celulas', c.celulas) order by f.linha
            ), '[]')
            from feitas as f
            join jsonb_array_elements(v_lidas) as l on (l.value ->> 'linha')::integer = f.linha
            left join jsonb_to_recordset(k.cruas) as c (linha integer, celulas jsonb) on c.linha = f.linha
            where f.resultado = 'REJEITADO'
        ),
        motivos = k.motivos || (
            select coalesce(jsonb_object_agg(m.motivo, m.quantas + coalesce((k.motivos ->> m.motivo)::integer, 0)), '{}')
            from (select f.motivo, count(*) as quantas from feitas as f where f.resultado = 'REJEITADO' group by f.motivo) as m
        )
    where k.cliente_id = v_cliente_id and k.importacao_id = p_importacao.id and k.ordem = p_ordem;
end
$$;
comment on function interno.importacao_lote_gravar(public.importacoes, integer, timestamptz) is
'Um lote conferido entra nos contatos; o que ainda assim não pôde entrar (limite do plano, por exemplo) fica entre as recusadas.
Erros: 40001 o total de contatos mudou.
Efeitos: contatos, etiquetas, contatos_etiquetas, consentimentos, importacoes_lotes.
Desde: 0.3.0';
