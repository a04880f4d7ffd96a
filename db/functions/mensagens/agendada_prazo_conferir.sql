/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_prazo_conferir(p_enviar_em timestamptz, p_recorrencia text, p_ate timestamptz, p_agora timestamptz) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_enviar_em <= p_agora then
        raise exception using errcode = 'ZRV42', message = 'o horário precisa ser no futuro', column = 'enviarEm';
    elsif p_enviar_em > p_agora + interval '1 year' then
        raise exception using errcode = 'ZRV43', message = 'o horário pode estar no máximo um ano à frente', column = 'enviarEm';
    elsif p_recorrencia is null or p_recorrencia not in ('NENHUMA', 'DIARIA', 'SEMANAL', 'MENSAL') then
        raise exception using errcode = 'ZRV44', message = 'a recorrência é NENHUMA, DIARIA, SEMANAL ou MENSAL', column = 'recorrencia';
    elsif p_ate is not null and (p_recorrencia = 'NENHUMA' or p_ate < p_enviar_em) then
        raise exception using errcode = 'ZRV45', message = 'o fim só existe numa recorrência, e depois do primeiro envio', column = 'ate';
    end if;
end
$$;
comment on function interno.agendada_prazo_conferir(timestamptz, text, timestamptz, timestamptz) is
'Confere o horário e a recorrência de um agendamento.
Erros: ZRV42 no passado; ZRV43 longe demais; ZRV44 recorrência desconhecida; ZRV45 fim sem sentido.
Efeitos: nenhum.
Desde: 0.2.0';
