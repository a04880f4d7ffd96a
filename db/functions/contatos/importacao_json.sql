/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_json(p_importacao public.importacoes) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_silencio constant interval := interval '30 seconds';
    r_lotes record;
begin
    select count(*) as todos, count(k.lida_em) as lidos, count(k.feito_em) as feitos, coalesce(sum(k.existentes), 0) as existentes,
        max(k.lida_em) as ultimo,
        coalesce(sum((k.totais ->> 'criados')::integer), 0) as criados, coalesce(sum((k.totais ->> 'atualizados')::integer), 0) as atualizados,
        coalesce(sum((k.totais ->> 'ignorados')::integer), 0) as ignorados
    into r_lotes
    from public.importacoes_lotes as k
    where k.cliente_id = p_importacao.cliente_id and k.importacao_id = p_importacao.id;
    return jsonb_build_object(
        'id', p_importacao.id, 'arquivo', p_importacao.arquivo, 'codificacao', p_importacao.codificacao,
        'delimitador', p_importacao.delimitador, 'colunas', to_jsonb(p_importacao.colunas), 'amostra', p_importacao.amostra,
        'destinos', to_jsonb(p_importacao.destinos), 'modo', p_importacao.modo, 'etiquetaIds', to_jsonb(p_importacao.etiqueta_ids),
        'consentimentoProva', p_importacao.consentimento_prova, 'status', p_importacao.status,
        'statusMotivo', p_importacao.status_motivo, 'total', p_importacao.total, 'lotes', r_lotes.todos, 'lotesLidos', r_lotes.lidos,
        'lotesFeitos', r_lotes.feitos, 'existentes', r_lotes.existentes, 'criados', r_lotes.criados,
        'atualizados', r_lotes.atualizados, 'ignorados', r_lotes.ignorados, 'motivos', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'motivo', x.motivo, 'mensagem', interno.importacao_motivo(x.motivo), 'quantas', x.quantas
            ) order by x.quantas desc, x.motivo), '[]')
            from (
                select m.key as motivo, sum(m.value::integer) as quantas
                from public.importacoes_lotes as k
                cross join lateral jsonb_each_text(k.motivos) as m
                where k.cliente_id = p_importacao.cliente_id and k.importacao_id = p_importacao.id
                group by m.key
            ) as x
        ),
        'parada', case p_importacao.status
            when 'LENDO' then greatest(r_lotes.ultimo, p_importacao.atualizado_em) < now() - c_silencio
            when 'EM_ANDAMENTO' then exists (
                select from public.fila_morta as d
                where d.cliente_id = p_importacao.cliente_id and d.alvo_id = p_importacao.id and d.tipo = 'contatos_importar'
                    and d.resolvida_em is null
            )
            else false
        end,
        'usuarioNome', (
            select u.nome from public.usuarios as u where u.cliente_id = p_importacao.cliente_id and u.id = p_importacao.usuario_id
        ),
        'versao', p_importacao.versao, 'criadoEm', p_importacao.criado_em, 'iniciadaEm', p_importacao.iniciada_em,
        'concluidaEm', p_importacao.concluida_em
    );
end
$$;
comment on function interno.importacao_json(public.importacoes) is
'Uma importação como as telas a mostram: o arquivo, o mapeamento, quanto foi lido e feito, e quantas linhas não entram, por motivo. parada = a leitura ou o trabalho não andam mais sozinhos.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
