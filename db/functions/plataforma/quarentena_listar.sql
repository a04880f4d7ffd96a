/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.quarentena_listar(p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer := interno.limite_ler(p_limite);
    v_cursor uuid := interno.cursor_ler(p_cursor);
    v_itens jsonb;
begin
    -- numbers and accounts tell what is missing; what people wrote is not listed
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', x.id, 'motivo', x.motivo, 'recebidoEm', x.recebido_em, 'bytes', octet_length(x.corpo), 'conexaoId', x.conexao_id,
        'entregues', cardinality(x.entregues), 'vistaEm', x.vista_em, 'assinado', x.impressao is not null,
        'numeros', coalesce(jsonb_path_query_array(x.lido, '$.entry[*].changes[*].value.metadata.phone_number_id ? (@.type() == "string")'), '[]'),
        'contas', coalesce(jsonb_path_query_array(x.lido, '$.entry[*].id ? (@.type() == "string")'), '[]'),
        'campos', coalesce(jsonb_path_query_array(x.lido, '$.entry[*].changes[*].field ? (@.type() == "string")'), '[]')
    ) order by x.id desc), '[]')
    into v_itens
    from (
        select q.*, interno.corpo_tentar(q.corpo) as lido
        from public.webhooks_quarentena as q
        where v_cursor is null or q.id < v_cursor
        order by q.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function plataforma.quarentena_listar(integer, text) is
'Corpos de webhook que não se pôde atribuir a um cliente, do mais novo ao mais antigo: por quê, de que números e contas falam; sem o conteúdo.
Erros: 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.3.0';
