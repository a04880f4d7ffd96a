/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_fio_listar(
    p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_limite integer default null, p_cursor text default null,
    p_apos uuid default null, p_em_torno_de uuid default null, p_ids uuid[] default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_de uuid;
    v_em timestamptz := 'infinity';
    v_quantos integer;
    v_especies text[];
    v_ids uuid[];
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    if num_nonnulls(v_cursor, p_apos, p_em_torno_de, p_ids) > 1 or cardinality(p_ids) > v_limite then
        raise exception using errcode = '22023', message = 'use só um entre cursor, apos, emTornoDe e ids', column = 'ids';
    end if;
    v_quantos := v_limite + 1;
    v_de := coalesce(v_cursor, p_apos, p_em_torno_de);
    if v_de is not null then
        v_em := interno.fio_lugar(p_cliente_id, p_conversa_id, v_de);
    end if;
    if p_em_torno_de is not null then
        -- itself, and what comes after it, out of the same page
        select v_limite - count(*) into v_quantos
        from interno.fio_pontos(p_cliente_id, p_conversa_id, v_em, v_de, true, v_limite / 2);
    end if;
    with achados as (
        select a.especie, a.id, a.em
        from interno.fio_pontos(
            p_cliente_id, p_conversa_id, v_em, coalesce(v_de, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), p_apos is not null, v_quantos
        ) as a where p_ids is null
        union all
        select b.especie, b.id, b.em
        from interno.fio_pontos(p_cliente_id, p_conversa_id, v_em, v_de, true, v_limite / 2) as b where p_em_torno_de is not null
        union all
        select 'MENSAGEM', m.id, m.ocorrido_em from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and m.id = any (p_ids || p_em_torno_de)
            and interno.mensagem_aparece(m.tipo, m.contexto_id, m.status)
        union all
        select 'NOTA', n.id, n.criado_em from public.notas as n
        where n.cliente_id = p_cliente_id and n.conversa_id = p_conversa_id and n.id = any (p_ids || p_em_torno_de) and n.removido_em is null
    ), ordenados as (
        select x.especie, x.id, row_number() over (order by x.em desc, x.id desc) * case when p_apos is null then 1 else -1 end as n
        from achados as x
    )
    select array_agg(o.especie order by o.n), array_agg(o.id order by o.n) into v_especies, v_ids from ordenados as o;
    return interno.pagina(interno.fio_json(p_cliente_id, v_especies, v_ids), v_limite) || jsonb_build_object('contato', (
        select jsonb_build_object('id', c.id, 'nome', c.nome)
        from public.conversas as v
        join public.contatos as c on c.cliente_id = v.cliente_id and c.id = v.contato_id
        where v.cliente_id = p_cliente_id and v.id = p_conversa_id
    ));
end
$$;
comment on function api.conversa_fio_listar(uuid, text, uuid, integer, text, uuid, uuid, uuid[]) is
'O fio de uma conversa como se lê na tela: mensagens, notas internas e o que aconteceu com ela, intercalados, do mais novo ao mais antigo. p_apos: só o que vem depois deste item, do mais antigo ao mais novo. p_em_torno_de: a página com este no meio, que segue para trás pelo cursor e para a frente por p_apos. p_ids: só estes. contato: com quem é.
Erros: ZNV01 conversa não encontrada; ZNV02 mensagem não encontrada; 22023 limite, cursor ou ids inválidos.
Efeitos: nenhum.
Desde: 0.3.0';
