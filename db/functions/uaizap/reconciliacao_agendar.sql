/* pgmigrate-encoding: utf-8 */
create or replace function interno.reconciliacao_agendar(p_cliente_id uuid, p_tentativas uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_quando timestamptz := clock_timestamp() + interval '10 seconds';
begin
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
    select p_cliente_id, 'envio_reconciliar', t.conexao_id, 3, v_quando, t.id
    from public.tentativas as t
    join public.conexoes_instancias as i on i.cliente_id = p_cliente_id and i.conexao_id = t.conexao_id
    where t.cliente_id = p_cliente_id and t.id = any (p_tentativas)
    order by t.id
    on conflict on constraint fila_cliente_id_tipo_alvo_id_key do nothing;
end
$$;
comment on function interno.reconciliacao_agendar(uuid, uuid[]) is
'Manda procurar no servidor UaiZap as tentativas que ficaram INCERTO; as de outro provedor esperam o webhook.
Erros: nenhum.
Efeitos: fila.
Desde: 0.2.0';
