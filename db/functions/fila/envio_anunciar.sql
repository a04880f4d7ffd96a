/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_anunciar(p_cliente_id uuid, p_avaliadas jsonb, p_tentativas jsonb, p_agora timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_alvos uuid[] := array(
        select (a.value ->> 'alvo_id')::uuid from jsonb_array_elements(p_avaliadas) as a
        where a.value ->> 'veredito' not in ('ESPERAR', 'RETIRAR')
    );
    v_mudancas jsonb;
begin
    select jsonb_agg(to_jsonb(l) || jsonb_build_object(
        'status', case a.veredito
            when 'ENVIAR' then 'ENVIANDO' when 'DEVOLVER' then l.devolve when 'FALHAR' then 'FALHOU' else 'PULADO'
        end,
        'motivo', case when a.veredito in ('PULAR', 'FALHAR') then a.motivo end,
        'tentativas', l.tentativas + case a.veredito when 'ENVIAR' then 1 else 0 end,
        'tentativa_id', coalesce((p_tentativas ->> l.alvo_id::text)::uuid, l.tentativa_id)
    )) into v_mudancas
    from interno.alvos_travar(p_cliente_id, v_alvos) as l
    join jsonb_to_recordset(p_avaliadas) as a (alvo_id uuid, veredito text, motivo text) on a.alvo_id = l.alvo_id;
    perform interno.alvos_gravar(p_cliente_id, v_mudancas, p_agora);
end
$$;
comment on function interno.envio_anunciar(uuid, jsonb, jsonb, timestamptz) is
'Leva aos alvos o veredito da intenção: ENVIANDO com a tentativa, de volta à espera, PULADO ou FALHOU com o motivo.
Erros: nenhum.
Efeitos: campanhas_log, mensagens, eventos.
Desde: 0.2.0';
