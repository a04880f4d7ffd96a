/* pgmigrate-encoding: utf-8 */
create or replace function interno.teto_efetivo(p_cliente_id uuid, p_conexao_id uuid, p_teto integer, p_agora timestamptz) returns integer
language sql stable security invoker set search_path = ''
as $$
    -- the margin: two standard deviations above the worst second seen is what people who write at random exceed about
    -- once an hour, and a window that lies across two seconds can hold more than either
    select greatest(15, least(
        p_teto,
        p_teto - i.pico - ceil(2 * sqrt(i.pico)),
        coalesce(l.freio + extract(epoch from p_agora - l.freado_em) / 3, p_teto)
    ))::integer
    from interno.entrada_obter(p_cliente_id, p_conexao_id, p_agora) as i
    left join public.limites as l on l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id and l.freio is not null;
$$;
comment on function interno.teto_efetivo(uuid, uuid, integer, timestamptz) is
'Quanto do teto de um número sobra para enviar: menos o pico de entradas por segundo do último minuto e uma folga de 2 raízes dele, e nunca acima do freio, que sobe 1/s a cada 3 s depois de uma recusa por excesso. No mínimo 15.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
