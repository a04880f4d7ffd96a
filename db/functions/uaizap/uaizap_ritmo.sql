/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_ritmo(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz) returns smallint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_instancia public.conexoes_instancias;
begin
    select i.* into v_instancia
    from public.conexoes_instancias as i
    where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id
    for update;
    if not found then
        return null;
    end if;
    if v_instancia.proxima_resposta_em > p_agora or exists (
        select from public.fila as f
        where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id and f.execucao = 'ENVIO' and f.reservado_ate is not null
    ) then
        return 0;
    end if;
    if v_instancia.proximo_envio_em > p_agora
        or (v_instancia.minuto > p_agora - interval '1 minute' and v_instancia.minuto_total >= v_instancia.maximo_por_minuto)
        or (v_instancia.hora > p_agora - interval '1 hour' and v_instancia.hora_total >= v_instancia.maximo_por_hora)
    then
        return 1;
    end if;
    return 7;
end
$$;
comment on function interno.uaizap_ritmo(uuid, uuid, timestamptz) is
'O que um aparelho pode enviar agora, um de cada vez: nulo = o número não é de aparelho e não tem este ritmo; 0 = nada; 1 = só resposta de pessoa; 7 = tudo.
Erros: nenhum.
Efeitos: trava de linha em conexoes_instancias, para que duas reservas não vejam a mesma vez.
Desde: 0.2.0';
