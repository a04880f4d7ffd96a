/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_json(p_cliente_id uuid, p_conexao_id uuid, p_avaliadas jsonb, p_tentativas jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    -- arrays: what is read out of jsonb may not, under RLS, be an index condition
    v_modelos uuid[] := array(select distinct (a.value ->> 'modelo_id')::uuid from jsonb_array_elements(p_avaliadas) as a);
    v_citadas uuid[] := array(
        select coalesce(a.value ->> 'contexto_id', a.value #>> '{conteudo,alvoId}')::uuid from jsonb_array_elements(p_avaliadas) as a
        where coalesce(a.value ->> 'contexto_id', a.value #>> '{conteudo,alvoId}') is not null
    );
    v_citadas_json jsonb := '{}';
begin
    if cardinality(v_citadas) > 0 then
        select coalesce(jsonb_object_agg(m.id, m.id_externo), '{}') into v_citadas_json
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.id = any (v_citadas) and m.id_externo is not null;
    end if;
    return (
        select jsonb_build_object(
            'envios', jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'id', a.fila_id, 'cerca', a.cerca, 'prioridade', a.prioridade, 'tentativaId', p_tentativas ->> a.alvo_id::text, 'alvoId', a.alvo_id,
                'alvoTipo', a.alvo_tipo, 'para', a.para, 'paraTipo', a.para_tipo, 'tipo', a.tipo, 'modeloId', a.modelo_id,
                'contexto', v_citadas_json ->> a.contexto_id::text,
                'midias', case when cardinality(a.midias) > 0 then interno.midias_do_envio(p_cliente_id, p_conexao_id, a.midias) end
            )) || jsonb_build_object('conteudo', case a.tipo
                when 'REACAO' then a.conteudo || jsonb_build_object('alvoIdExterno', v_citadas_json ->> (a.conteudo ->> 'alvoId'))
                else a.conteudo
            end) order by a.prioridade, a.fila_id),
            'modelos', (
                select coalesce(jsonb_object_agg(m.id, jsonb_build_object(
                    'nome', m.nome, 'idioma', m.idioma, 'formato', m.formato, 'componentes', m.componentes
                )), '{}')
                from public.modelos as m where m.cliente_id = p_cliente_id and m.id = any (v_modelos)
            ),
            'conexaoVersao', (
                select x.versao from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id
            )
        )
        from jsonb_to_recordset(p_avaliadas) as a (
            fila_id uuid, cerca bigint, prioridade smallint, alvo_id uuid, alvo_tipo text, veredito text, para text, para_tipo text, tipo text,
            conteudo jsonb, contexto_id uuid, modelo_id uuid, midias uuid[]
        )
        where a.veredito = 'ENVIAR'
    );
end
$$;
comment on function interno.envio_json(uuid, uuid, jsonb, jsonb) is
'O que um worker precisa para enviar o que foi anunciado: a quem, o quê, o nome que o provedor deu à mensagem citada, e os modelos envolvidos uma vez só.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
