/* pgmigrate-encoding: utf-8 */
create or replace function api.webhooks_horas_obter(
    p_cliente_id uuid, p_sessao text, p_conexao_id uuid default null, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- a count that stops: a chart of a day must not read millions of rows
    c_muitos constant integer := 2000;
    v_horas jsonb := '[]';
    v_de timestamptz;
    v_de_id uuid;
    v_ate_id uuid;
    v_total bigint;
    v_erros bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'webhooks:ler');
    for v_de in select h.em from generate_series(date_trunc('hour', p_agora) - interval '23 hours', p_agora, interval '1 hour') as h (em) loop
        -- ids carry the time: their index is the one that there is
        v_de_id := uuidv7(v_de - clock_timestamp());
        v_ate_id := uuidv7(v_de + interval '1 hour' - clock_timestamp());
        select count(*) into v_total from (
            select from public.webhooks_recebidos as w
            where w.cliente_id = p_cliente_id and w.id >= v_de_id and w.id < v_ate_id and (p_conexao_id is null or w.conexao_id = p_conexao_id)
            limit c_muitos
        ) as x;
        select count(*) into v_erros from (
            select from public.webhooks_recebidos as w
            where w.cliente_id = p_cliente_id and w.id >= v_de_id and w.id < v_ate_id and (p_conexao_id is null or w.conexao_id = p_conexao_id)
                and w.motivo is not null and w.status = 'ERRO'
            limit c_muitos
        ) as x;
        v_horas := v_horas || jsonb_build_object('hora', v_de, 'total', v_total, 'erros', v_erros);
    end loop;
    return jsonb_build_object('horas', v_horas, 'maximo', c_muitos);
end
$$;
comment on function api.webhooks_horas_obter(uuid, text, uuid, timestamptz) is
'Quantos eventos os provedores mandaram em cada uma das últimas 24 horas, e quantos deles deram erro; a contagem de cada hora para em 2.000 (maximo).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
