/* pgmigrate-encoding: utf-8 */
create or replace function interno.instancia_gravar(
    p_cliente_id uuid, p_conexao_id uuid, p_status text, p_motivo text default null, p_numero text default null, p_jid text default null
) returns public.conexoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_anterior text;
    v_conexao public.conexoes;
begin
    select i.status into v_anterior
    from public.conexoes_instancias as i
    where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id
    for update;
    if not found then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    v_conexao := interno.conexao_travar(p_cliente_id, p_conexao_id);
    update public.conexoes_instancias as i
    set status = p_status, status_motivo = case when p_status <> 'CONECTADA' then left(p_motivo, 300) end,
        status_em = case when i.status = p_status then i.status_em else v_agora end,
        jid = coalesce(left(p_jid, 160), i.jid),
        estreou_em = coalesce(i.estreou_em, case when p_status = 'CONECTADA' then v_agora end)
    where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id;
    if p_status = 'CONECTADA' and p_numero is distinct from v_conexao.numero_id_externo then
        -- another tenant's row cannot be seen, only collided with
        begin
            update public.conexoes as x set numero_id_externo = p_numero, numero_exibicao = '+' || left(p_numero, 29)
            where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
        exception when unique_violation then
            update public.conexoes as x set numero_id_externo = null, numero_exibicao = null
            where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
        end;
    end if;
    v_conexao := interno.instancia_conferir(p_cliente_id, p_conexao_id);
    if v_anterior <> p_status then
        perform interno.avisar(p_cliente_id, 'conexao_mudou', p_conexao_id);
    end if;
    return v_conexao;
end
$$;
comment on function interno.instancia_gravar(uuid, uuid, text, text, text, text) is
'Guarda o estado que o servidor UaiZap deu do aparelho e o número que ele tem; um número que já está em outra conexão, de qualquer cliente, não é aceito. Leva a conexão a ERRO ou de volta a ATIVA.
Erros: ZNX01 conexão não encontrada; 23514 estado fora da lista.
Efeitos: conexoes_instancias, conexoes, ocorrencias, eventos.
Desde: 0.2.0';
