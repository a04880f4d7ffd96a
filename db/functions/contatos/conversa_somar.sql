/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_somar(p_cliente_id uuid, p_outra public.conversas, p_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_respondida timestamptz;
    v_espera timestamptz;
    v_esperam bigint;
    v_ultima uuid;
begin
    select greatest(v.respondida_ate, p_outra.respondida_ate) into v_respondida
    from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id;
    -- what was written to the person in either answers all that came before it
    select min(m.ocorrido_em), count(*) into v_espera, v_esperam
    from public.mensagens as m
    where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.ocorrido_em > coalesce(v_respondida, '-infinity')
        and m.direcao = 'ENTRADA' and m.tipo not in ('SISTEMA', 'REACAO', 'EDICAO', 'EXCLUSAO');
    select m.id into v_ultima
    from public.mensagens as m
    where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.tipo not in ('EDICAO', 'EXCLUSAO')
    order by m.ocorrido_em desc, m.id desc
    limit 1;
    update public.conversas as v
    set respondida_ate = v_respondida, espera_desde = v_espera, nao_lidas = least(v_esperam, v.nao_lidas + p_outra.nao_lidas),
        ultima_mensagem_id = v_ultima, ultima_mensagem_em = greatest(v.ultima_mensagem_em, p_outra.ultima_mensagem_em),
        ultima_entrada_em = greatest(v.ultima_entrada_em, p_outra.ultima_entrada_em),
        janela_expira_em = greatest(v.janela_expira_em, p_outra.janela_expira_em),
        fila_em = case when v.usuario_id is null then least(v.fila_em, p_outra.fila_em) end,
        prioridade = case
            when 'URGENTE' in (v.prioridade, p_outra.prioridade) then 'URGENTE'
            when 'ALTA' in (v.prioridade, p_outra.prioridade) then 'ALTA'
            when 'NORMAL' in (v.prioridade, p_outra.prioridade) then 'NORMAL'
            else 'BAIXA'
        end
    where v.cliente_id = p_cliente_id and v.id = p_id;
end
$$;
comment on function interno.conversa_somar(uuid, public.conversas, uuid) is
'Leva ao resumo de uma conversa o de outra, cujas mensagens já são dela.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
