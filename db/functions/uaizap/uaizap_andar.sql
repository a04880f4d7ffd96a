/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_andar(p_instancia public.conexoes_instancias, p_novas smallint, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_sorte double precision := random();
    v_fator smallint := p_instancia.fator_ritmo;
    v_desde timestamptz := p_instancia.fator_desde;
begin
    if v_fator > 1 and v_desde < p_agora - interval '15 minutes' then
        v_fator := v_fator / 2;
        v_desde := p_agora;
    end if;
    update public.conexoes_instancias as i
    set fator_ritmo = v_fator, fator_desde = v_desde,
        proximo_envio_em = p_agora + v_fator * interval '1 millisecond'
        * (i.intervalo_min_ms + v_sorte * (i.intervalo_max_ms - i.intervalo_min_ms)),
        proxima_resposta_em = p_agora + v_fator * interval '1 millisecond'
        * (i.resposta_min_ms + v_sorte * (i.resposta_max_ms - i.resposta_min_ms)),
        minuto = case when i.minuto > p_agora - interval '1 minute' then i.minuto else p_agora end,
        minuto_total = case when i.minuto > p_agora - interval '1 minute' then least(i.minuto_total + 1, 30000) else 1 end,
        hora = case when i.hora > p_agora - interval '1 hour' then i.hora else p_agora end,
        hora_total = case when i.hora > p_agora - interval '1 hour' then least(i.hora_total + 1, 30000) else 1 end,
        novas_dia = p_instancia.novas_dia, novas_total = least(p_instancia.novas_total + p_novas, 30000)
    where i.cliente_id = p_instancia.cliente_id and i.conexao_id = p_instancia.conexao_id;
end
$$;
comment on function interno.uaizap_andar(public.conexoes_instancias, smallint, timestamptz) is
'Conta um envio do aparelho e sorteia quando pode sair o próximo: nunca em intervalos iguais.
Erros: nenhum.
Efeitos: conexoes_instancias.
Desde: 0.2.0';
