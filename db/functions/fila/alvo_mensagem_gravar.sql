/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_mensagem_gravar(p_cliente_id uuid, p_mudancas jsonb, p_agora timestamptz) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    v_alvos uuid[] := array(
        select (m.value ->> 'alvo_id')::uuid from jsonb_array_elements(p_mudancas) as m where m.value ->> 'alvo_tipo' = 'MENSAGEM'
    );
    v_mudadas uuid[];
    v_nomes jsonb;
    v_reacoes uuid[];
begin
    if cardinality(v_alvos) = 0 then
        return '{}';
    end if;
    -- whoever brings something about a message that gets its name now waits for it, or is waited for
    perform pg_advisory_xact_lock(t.trava)
    from (
        select interno.mensagem_trava(g.conexao_id, m.id_externo) as trava
        from jsonb_to_recordset(p_mudancas) as m (alvo_id uuid, id_externo text)
        join public.mensagens as g on g.cliente_id = p_cliente_id and g.id = any (v_alvos) and g.id = m.alvo_id
        where m.id_externo is not null and g.id_externo is null
        order by trava
    ) as t;
    with gravadas as (
        update public.mensagens as g
        set status = m.status, motivo = m.motivo, erro_codigo = m.erro_codigo, erro_texto = m.erro_texto,
            tentativas = m.tentativas, tentativa_id = m.tentativa_id,
            -- a provider that names two messages alike cannot stop the writing of either
            id_externo = case when exists (
                select from public.mensagens as o
                where o.cliente_id = p_cliente_id and o.conexao_id = g.conexao_id and o.id_externo = m.id_externo and o.id <> g.id
            ) then g.id_externo else m.id_externo end,
            enviado_em = m.enviado_em, entregue_em = m.entregue_em, lido_em = m.lido_em, atualizado_em = p_agora
        from jsonb_to_recordset(p_mudancas) as m (
            alvo_id uuid, status text, motivo text, erro_codigo integer, erro_texto text, tentativas smallint,
            tentativa_id uuid, id_externo text, enviado_em timestamptz, entregue_em timestamptz, lido_em timestamptz
        )
        where g.cliente_id = p_cliente_id and g.id = any (v_alvos) and g.id = m.alvo_id
            and (
                g.status, g.motivo, g.erro_codigo, g.erro_texto, g.tentativas, g.tentativa_id, g.id_externo,
                g.enviado_em, g.entregue_em, g.lido_em
            ) is distinct from (
                m.status, m.motivo, m.erro_codigo, m.erro_texto, m.tentativas, m.tentativa_id, m.id_externo,
                m.enviado_em, m.entregue_em, m.lido_em
            )
        returning g.id, g.tipo, g.status, g.conexao_id, m.id_externo, old.id_externo is null and m.id_externo is not null as nomeada
    )
    select coalesce(array_agg(g.id), '{}'),
        jsonb_agg(jsonb_build_object('id', g.id, 'conexao_id', g.conexao_id, 'id_externo', g.id_externo)) filter (where g.nomeada),
        array_agg(g.id) filter (where g.tipo = 'REACAO' and g.status in ('ENVIADO', 'FALHOU'))
    into v_mudadas, v_nomes, v_reacoes
    from gravadas as g;
    if v_nomes is not null then
        perform interno.mensagens_nomeadas(p_cliente_id, v_nomes);
    end if;
    if v_reacoes is not null then
        perform interno.mensagens_aplicar(p_cliente_id, v_reacoes);
    end if;
    return v_mudadas;
end
$$;
comment on function interno.alvo_mensagem_gravar(uuid, jsonb, timestamptz) is
'Grava o novo estado de envio de mensagens, avisa de cada uma que mudou e as devolve; uma repetição não muda nada, nem a hora.
Erros: 23514 transição que não existe.
Efeitos: mensagens, eventos.
Desde: 0.2.0';
