/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_modelo_componentes(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_folga constant interval := '1 minute';
    v_textos jsonb := jsonb_strip_nulls(jsonb_build_object(
        'HEADER', p_valor -> 'message_template_title', 'BODY', p_valor -> 'message_template_element',
        'FOOTER', p_valor -> 'message_template_footer'
    ));
    v_externo text := p_valor ->> 'message_template_id';
    r_modelo record;
    v_componentes jsonb;
    v_variaveis text[];
begin
    select m.id, m.nome, m.componentes, m.variaveis into r_modelo
    from public.modelos as m
    where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.id_externo = v_externo
        and m.componentes_em < p_em and m.atualizado_em < p_em + c_folga
    for update;
    if not found then
        return;
    end if;
    select jsonb_agg(case when jsonb_typeof(c.value -> 'text') = 'string' and jsonb_typeof(v_textos -> upper(c.value ->> 'type')) = 'string'
        then c.value || jsonb_build_object('text', v_textos -> upper(c.value ->> 'type')) else c.value end order by c.n)
    into v_componentes
    from jsonb_array_elements(r_modelo.componentes) with ordinality as c (value, n);
    v_componentes := coalesce(v_componentes, '[]');
    v_variaveis := interno.modelo_variaveis(v_componentes);
    if v_componentes = r_modelo.componentes or cardinality(v_variaveis) > 60 or pg_column_size(v_componentes) >= 65536 then
        return;
    end if;
    update public.modelos as m set componentes = v_componentes, variaveis = v_variaveis, componentes_em = p_em
    where m.cliente_id = p_cliente_id and m.id = r_modelo.id;
    perform interno.aviso_anotar(
        p_cliente_id, 'MODELO', r_modelo.id, p_conexao_id, 'MODELO_EDITADO', format('O texto do modelo %s mudou no WhatsApp', r_modelo.nome)
    );
    if v_variaveis <> r_modelo.variaveis then
        perform interno.campanha_parar(
            p_cliente_id, k.id, 'MODELO_EDITADO', null,
            'As variáveis do modelo mudaram no WhatsApp: confira a campanha antes de retomar'
        )
        from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.modelo_id = r_modelo.id and k.status = 'EM_ANDAMENTO';
    end if;
end
$$;
comment on function interno.aviso_modelo_componentes(uuid, uuid, text, jsonb, timestamptz) is
'message_template_components_update: textos novos do modelo; se as variáveis mudam, as campanhas que o usam param.
Erros: nenhum.
Efeitos: modelos, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
