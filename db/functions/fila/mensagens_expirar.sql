/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_expirar(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_filas uuid[];
    v_alvos uuid[];
    v_mudancas jsonb;
begin
    -- the oldest of each lane: nobody looks further than what a person would read
    select array_agg(x.id), array_agg(x.alvo_id) into v_filas, v_alvos
    from unnest(array[1, 3, 5]::smallint[]) as faixa (prioridade)
    cross join lateral (
        select f.id, f.alvo_id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id and f.prioridade = faixa.prioridade
            and f.reservado_ate is null and f.execucao = 'ENVIO' and f.executar_em <= p_agora and f.expira_em <= p_agora
            and f.tipo = 'mensagem_enviar'
        order by f.executar_em, f.id
        limit 100
        for update of f skip locked
    ) as x;
    if v_filas is null then
        return;
    end if;
    delete from public.fila as f where f.cliente_id = p_cliente_id and f.id = any (v_filas);
    select jsonb_agg(to_jsonb(l) || '{"status": "FALHOU", "motivo": "EXPIRADA"}') into v_mudancas
    from interno.alvos_travar(p_cliente_id, v_alvos) as l
    where l.status in ('PENDENTE', 'RESERVADO');
    perform interno.alvos_gravar(p_cliente_id, v_mudancas, p_agora);
end
$$;
comment on function interno.mensagens_expirar(uuid, uuid, timestamptz) is
'Dá por falhas as mensagens que esperaram demais por um número que não pode enviar.
Erros: nenhum.
Efeitos: fila, mensagens, eventos.
Desde: 0.2.0';
