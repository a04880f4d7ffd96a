/* pgmigrate-encoding: utf-8 */
create or replace function interno.expediente_proximo(p_cliente_id uuid, p_calendario_id uuid, p_em timestamptz) returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_dias integer;
    v_abre timestamptz;
begin
    if p_calendario_id is null then
        return p_em;
    end if;
    foreach v_dias in array array[8, 400] loop
        select min(i.abre) into v_abre
        from interno.expediente_intervalos(p_cliente_id, p_calendario_id, p_em, p_em + v_dias * interval '1 day') as i;
        exit when v_abre is not null;
    end loop;
    return v_abre;
end
$$;
comment on function interno.expediente_proximo(uuid, uuid, timestamptz) is
'Quando um calendário abre, a partir deste instante (o próprio instante, se já está aberto); nulo se não abre nos 400 dias seguintes.
Erros: ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
