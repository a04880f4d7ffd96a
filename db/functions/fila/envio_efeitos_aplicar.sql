/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_efeitos_aplicar(
    p_cliente_id uuid, p_conexao_id uuid, p_efeitos jsonb, p_agora timestamptz, p_sorte double precision
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_parada text;
begin
    if p_efeitos ? 'ACEITO' then
        update public.conexoes as x set falhas_seguidas = 0
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.falhas_seguidas > 0;
    elsif p_efeitos ?| array['TRANSPORTE', 'RATE_NUMBER', 'RATE_ACCOUNT', 'PLATFORM'] then
        update public.conexoes as x
        set falhas_seguidas = least(x.falhas_seguidas + 1, 10),
            suspensa_ate = p_agora + (0.5 + p_sorte) * least(60, case
                when p_efeitos ? 'RATE_ACCOUNT' then 60 when p_efeitos ? 'RATE_NUMBER' then 1 else 0.25 * 2 ^ x.falhas_seguidas
            end) * interval '1 second'
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
    end if;
    select e.key into v_parada from jsonb_each(p_efeitos) as e
    where e.key in ('AUTH', 'NUMBER_STOP', 'ACCOUNT_STOP') order by e.key limit 1;
    if v_parada is not null then
        update public.conexoes as x
        set status = case when v_parada = 'AUTH' then 'ERRO' else 'PAUSADA' end, status_motivo = p_efeitos -> v_parada ->> 'texto'
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.status = 'ATIVA';
        perform interno.avisar(p_cliente_id, 'conexao_mudou', p_conexao_id);
    end if;
    if p_efeitos ? 'TEMPLATE_STOP' then
        perform interno.modelo_parar(
            p_cliente_id,
            (
                select k.modelo_id from public.campanhas as k
                where k.cliente_id = p_cliente_id and k.id = (p_efeitos -> 'TEMPLATE_STOP' ->> 'campanhaId')::uuid
            ),
            'PAUSED', p_efeitos -> 'TEMPLATE_STOP' ->> 'texto'
        );
    end if;
end
$$;
comment on function interno.envio_efeitos_aplicar(uuid, uuid, jsonb, timestamptz, double precision) is
'O que um lote de respostas muda além das mensagens: suspensão do número com espera crescente, conexão em ERRO ou PAUSADA, modelo e campanhas parados.
Erros: nenhum.
Efeitos: conexoes, modelos, campanhas, campanhas_log, fila, eventos.
Desde: 0.1.0';
