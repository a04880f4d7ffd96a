/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_exigir(p_cliente_id uuid, p_fator_id uuid, p_passo bigint, p_reserva_hash bytea) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_eu uuid := interno.usuario_corrente();
    v_fator text := interno.fator_provar(p_cliente_id, v_eu, p_fator_id, p_passo, p_reserva_hash);
begin
    if v_fator = 'DISPENSA' then
        raise exception using errcode = 'ZRI62', message = 'o segundo fator não está ligado';
    end if;
    -- raised, not returned: a right password beside a wrong code must not clear what was counted
    if v_fator in ('FALTA', 'ERRADO') then
        raise exception using errcode = 'ZRI64', message = 'o código não confere ou já foi usado: espere o próximo, ou use um de reserva',
        column = 'codigo';
    end if;
    perform interno.tentativa_esquecer('fator:' || v_eu);
end
$$;
comment on function interno.fator_exigir(uuid, uuid, bigint, bytea) is
'Quem usa a sessão acaba de dizer um código do próprio segundo fator, ou um de reserva, que aqui se gasta.
Erros: ZRI62 não está ligado; ZRI64 falta o código, não confere, ou já serviu.
Efeitos: fatores, fatores_reservas, tentativas_login.
Desde: 0.3.0';
