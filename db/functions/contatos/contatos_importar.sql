/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_importar(
    p_cliente_id uuid, p_sessao text, p_linhas jsonb, p_modo text default 'IGNORAR', p_etiqueta_ids uuid[] default '{}',
    p_consentimento_prova text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 2000;
    v_lote jsonb;
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    if jsonb_typeof(p_linhas) is distinct from 'array' or jsonb_array_length(p_linhas) > c_maximo then
        raise exception using errcode = '22023', message = format('um lote tem até %s linhas', c_maximo), column = 'linhas';
    end if;
    if p_modo is null or p_modo not in ('IGNORAR', 'ATUALIZAR') then
        raise exception using errcode = '22023', message = 'modo deve ser IGNORAR ou ATUALIZAR', column = 'modo';
    end if;
    if exists (
        select from unnest(p_etiqueta_ids) as i (id)
        where not exists (select from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = i.id)
    ) then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    select coalesce(jsonb_agg(to_jsonb(g)), '[]') into v_lote
    from interno.contatos_lote_gravar(
        p_cliente_id, p_linhas, p_modo, interno.contatos_livres(p_cliente_id), interno.etiquetas_livres(p_cliente_id)
    ) as g;
    -- someone else may have filled the plan meanwhile: done again, this batch counts them
    if interno.contatos_livres(p_cliente_id) < 0 then
        raise exception using errcode = '40001', message = 'o total de contatos mudou durante o lote';
    end if;
    perform interno.contatos_lote_marcar(p_cliente_id, v_lote, p_etiqueta_ids, p_consentimento_prova);
    select jsonb_build_object(
        'totais', jsonb_build_object(
            'criados', count(*) filter (where g.resultado = 'CRIADO'),
            'atualizados', count(*) filter (where g.resultado = 'ATUALIZADO'),
            'ignorados', count(*) filter (where g.resultado = 'IGNORADO'),
            'rejeitados', count(*) filter (where g.resultado = 'REJEITADO')
        ),
        'linhas', coalesce(jsonb_agg(jsonb_build_object(
            'linha', g.linha, 'resultado', g.resultado, 'contatoId', g.contato_id, 'motivo', g.motivo,
            'mensagem', interno.importacao_motivo(g.motivo)
        ) order by g.linha), '[]')
    ) into v_resposta
    from jsonb_to_recordset(v_lote) as g (linha integer, resultado text, contato_id uuid, motivo text);
    -- an empty batch only asks whether one may import
    if v_lote <> '[]' then
        perform interno.auditar(p_cliente_id, 'contatos_importados', 'contatos', null, v_resposta -> 'totais');
        perform interno.avisar(p_cliente_id, 'contatos_importados', p_cliente_id);
    end if;
    return v_resposta;
end
$$;
comment on function api.contatos_importar(uuid, text, jsonb, text, uuid[], text) is
'Importa um lote de linhas já separadas na borda; cada uma tem seu resultado e nenhuma custa as outras. IGNORAR não toca em quem já existe.
Erros: 22023 lote grande demais ou modo inválido; ZNE01 etiqueta não encontrada; 23514 prova fora da regra.
Efeitos: contatos, etiquetas, contatos_etiquetas, consentimentos, auditoria, eventos.
Desde: 0.1.0';
