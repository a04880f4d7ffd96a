/* pgmigrate-encoding: utf-8 */
create or replace function api.incertos_listar(
    p_cliente_id uuid, p_sessao text, p_alvo_tipo text default null, p_campanha_id uuid default null, p_conexao_id uuid default null,
    p_vencidos boolean default true, p_minutos integer default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'entregas:revisar');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', i.id, 'alvoTipo', i.alvo_tipo, 'conexaoId', i.conexao_id, 'campanhaId', i.campanha_id, 'campanhaNome', k.nome,
        'conversaId', i.conversa_id, 'contato', jsonb_build_object('id', c.id, 'nome', c.nome, 'telefone', c.telefone),
        'motivo', i.motivo, 'erroTexto', i.erro_texto, 'desde', i.desde, 'revisarEm', i.revisar_em, 'vencido', i.vencido,
        'congelado', i.congelado, 'buscaEm', (
            select f.executar_em from public.fila as f
            where f.cliente_id = p_cliente_id and f.tipo = 'envio_reconciliar' and f.alvo_id = i.tentativa_id
        ), 'provas', interno.tentativas_json(p_cliente_id, i.id),
        'decisoes', interno.decisoes_json(p_cliente_id, i.id)
    ) order by i.id), '[]') into v_itens
    from interno.incertos_ler(
        p_cliente_id, clock_timestamp(), p_alvo_tipo, p_campanha_id, p_conexao_id, coalesce(p_vencidos, true), p_minutos, null, v_apos,
        v_limite + 1
    ) as i
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = i.contato_id
    left join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = i.campanha_id;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.incertos_listar(uuid, text, text, uuid, uuid, boolean, integer, integer, text) is
'Envios de campanhas e mensagens cujo desfecho ninguém confirmou, do mais antigo ao mais novo, com tudo o que se sabe: tentativas, processo, detalhe, status. Por padrão, só os que passaram do prazo e esperam uma pessoa. congelado: por que o prazo não corre; buscaEm: quando ainda se vai procurar no provedor que o permite (motivo NAO_ENCONTRADO: procurou-se, e não estava lá).
Erros: 22023.
Efeitos: nenhum.
Desde: 0.2.0';
