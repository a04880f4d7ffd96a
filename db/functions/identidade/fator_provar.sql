/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_provar(
    p_cliente_id uuid, p_usuario_id uuid, p_fator_id uuid, p_passo bigint, p_reserva_hash bytea
) returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_fator public.fatores;
begin
    -- locked before it is read: of any number of parallel uses of one code, one wins
    select f.* into v_fator from public.fatores as f
    where f.cliente_id = p_cliente_id and f.usuario_id = p_usuario_id and f.ativado_em is not null
    for update;
    if not found then
        return 'DISPENSA';
    end if;
    if p_fator_id = v_fator.id and p_passo > v_fator.ultimo_passo and interno.fator_passo_vale(p_passo) then
        update public.fatores as f set ultimo_passo = p_passo where f.cliente_id = p_cliente_id and f.id = v_fator.id;
        return 'CODIGO';
    end if;
    update public.fatores_reservas as r set usada_em = now()
    where r.cliente_id = p_cliente_id and r.fator_id = v_fator.id and r.codigo_hash = p_reserva_hash and r.usada_em is null;
    if found then
        return 'RESERVA';
    end if;
    return case when p_passo is null and p_reserva_hash is null then 'FALTA' else 'ERRADO' end;
end
$$;
comment on function interno.fator_provar(uuid, uuid, uuid, bigint, bytea) is
'Gasta o código de quem entra: DISPENSA (não tem segundo fator), CODIGO ou RESERVA (provou), FALTA (não disse código) ou ERRADO (não confere, ou já serviu). p_passo: o passo em que a borda achou o código; p_reserva_hash: o sha256 do que foi digitado.
Erros: nenhum.
Efeitos: fatores, fatores_reservas.
Desde: 0.3.0';
