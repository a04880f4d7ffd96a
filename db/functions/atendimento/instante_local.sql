/* pgmigrate-encoding: utf-8 */
create or replace function interno.instante_local(p_local timestamp, p_fuso text) returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_instante timestamptz := p_local at time zone p_fuso;
    v_pulo interval := (v_instante at time zone p_fuso) - p_local;
begin
    if v_pulo = interval '0' then
        return v_instante;
    end if;
    -- the clocks jumped over this hour: it came when they jumped, or two hours that follow each other would overlap
    return (
        select min(m.m) from generate_series(v_instante - v_pulo, v_instante, interval '1 minute') as m (m)
        where (m.m at time zone p_fuso) >= p_local
    );
end
$$;
comment on function interno.instante_local(timestamp, text) is
'O instante em que o relógio de um fuso chega a esta hora: a que o horário de verão pula chega com o pulo; a que se repete, da segunda vez.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
