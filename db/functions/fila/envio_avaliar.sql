/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_avaliar(p_cliente_id uuid, p_dono text, p_itens jsonb, p_agora timestamptz)
returns table (
    id uuid, cerca bigint, alvo_id uuid, tentativas smallint, veredito text, para text, modelo_id uuid, modelo jsonb, parametros jsonb
)
language sql volatile security invoker set search_path = '' rows 20
as $$
    select f.id, f.cerca, f.alvo_id, f.tentativas,
        case
            when k.status = 'CANCELADA' then 'CAMPANHA_CANCELADA'
            when l.status <> 'RESERVADO' or k.status <> 'EM_ANDAMENTO' or m.status <> 'APPROVED'
                or f.expira_em <= p_agora then 'DEVOLVER'
            when c.removido_em is not null then 'REMOVIDO'
            when c.bloqueado then 'BLOQUEADO'
            when m.categoria = 'MARKETING' and c.marketing = 'REVOGADO' then 'OPTOUT'
        end,
        -- the provider's own name for the person, once known, beats our canonical number
        coalesce((
            select i.valor from public.contatos_identidades as i
            where i.cliente_id = p_cliente_id and i.contato_id = l.contato_id and i.tipo = 'WA_ID'
            order by i.id desc limit 1
        ), ltrim(l.telefone, '+')),
        m.id, jsonb_build_object('nome', m.nome, 'idioma', m.idioma, 'formato', m.formato),
        l.parametros
    from jsonb_to_recordset(p_itens) as p (id uuid, cerca bigint)
    join public.fila as f on f.cliente_id = p_cliente_id and f.id = p.id
        and f.id = any (array(select (x.value ->> 'id')::uuid from jsonb_array_elements(p_itens) as x))
    join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = f.alvo_id
    join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
    where f.tipo = 'campanha_enviar' and f.reservado_por = p_dono and f.cerca = p.cerca
        and f.reservado_ate > p_agora and f.intencao_em is null
    order by f.id
    for update of f, l;
$$;
comment on function interno.envio_avaliar(uuid, text, jsonb, timestamptz) is
'Trava as reservas que ainda são deste dono e diz o que fazer de cada uma: veredito nulo = enviar; DEVOLVER = volta a esperar; outro = PULADO com este motivo.
Erros: nenhum.
Efeitos: trava de linha em fila e campanhas_log.
Desde: 0.1.0';
