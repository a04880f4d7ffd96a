/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_iniciar(p_cliente_id uuid, p_sessao text, p_id uuid, p_resumo text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_status text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    v_status := interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO', 'AGENDADA', 'EM_ANDAMENTO']);
    -- a second click finds it started, or waiting for its hour, and changes nothing
    if v_status <> 'RASCUNHO' then
        return interno.campanha_json(p_cliente_id, p_id);
    end if;
    if p_resumo is not null and p_resumo <> interno.campanha_simulacao(p_cliente_id, p_id, 0) ->> 'resumo' then
        raise exception using errcode = 'ZCK02', column = 'resumo', message = 'o público mudou desde a simulação: simule de novo';
    end if;
    if interno.campanha_publico_grande(p_cliente_id, p_id) then
        -- a worker freezes it within a second or two: nobody waits in front of an open request
        perform interno.campanha_disparo_conferir(p_cliente_id, p_id), interno.campanha_agendar(p_cliente_id, p_id, now(), '-infinity');
    else
        perform interno.campanha_disparar(p_cliente_id, p_id);
    end if;
    perform interno.auditar(p_cliente_id, 'campanha_iniciada', 'campanhas', p_id);
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_iniciar(uuid, text, uuid, text) is
'Inicia a campanha; repetir não repete nada. Um público grande começa em segundos, pela fila: a resposta vem AGENDADA. Com p_resumo, recusa se a simulação já não vale.
Erros: ZNK01; ZCK01 estado; ZCK02 simulação vencida; ZRK04, ZRK05, ZRK06, ZRK15.
Efeitos: campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.1.0';
