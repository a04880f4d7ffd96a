/* pgmigrate-encoding: utf-8 */
create or replace function interno.tentativas_json(p_cliente_id uuid, p_alvo_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', t.id, 'numero', t.numero, 'processo', t.processo, 'iniciadaEm', t.iniciada_em, 'terminadaEm', t.terminada_em,
        'desfecho', t.desfecho, 'erroCodigo', t.erro_codigo, 'detalhe', t.detalhe, 'idExterno', t.id_externo, 'status', s.status
    ) order by t.id), '[]')
    from public.tentativas as t
    cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object(
            'status', x.status, 'idExterno', x.id_externo, 'ocorridoEm', x.ocorrido_em, 'recebidoEm', x.recebido_em,
            'erroCodigo', x.erro_codigo, 'erroTexto', x.erro_texto, 'webhookId', x.webhook_id
        ) order by x.ocorrido_em, x.status), '[]') as status
        from (
            select r.* from public.status_recebidos as r
            where r.cliente_id = p_cliente_id and r.tentativa_id = t.id and r.conexao_id = t.conexao_id
            union all
            select r.* from public.status_recebidos as r
            where r.cliente_id = p_cliente_id and r.conexao_id = t.conexao_id and r.id_externo = t.id_externo and r.tentativa_id is null
        ) as x
    ) as s
    where t.cliente_id = p_cliente_id and t.alvo_id = p_alvo_id;
$$;
comment on function interno.tentativas_json(uuid, uuid) is
'As provas de um envio: cada tentativa, o que o provedor respondeu e os status que chegaram, com o webhook de cada um. Sem a quem foi.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
