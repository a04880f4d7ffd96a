/* pgmigrate-encoding: utf-8 */
create or replace function interno.expediente_somar(p_cliente_id uuid, p_calendario_id uuid, p_em timestamptz, p_duracao interval)
returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_dias integer;
    v_fim timestamptz;
begin
    if p_calendario_id is not null then
        foreach v_dias in array array[8, 400] loop
            select s.fecha - (s.soma - p_duracao) into v_fim
            from (
                select i.fecha, sum(i.fecha - i.abre) over (order by i.abre) as soma
                from interno.expediente_intervalos(p_cliente_id, p_calendario_id, p_em, p_em + v_dias * interval '1 day') as i
            ) as s
            where s.soma >= p_duracao
            order by s.fecha
            limit 1;
            exit when v_fim is not null;
        end loop;
    end if;
    -- a calendar that does not open holds nothing back
    return coalesce(v_fim, p_em + p_duracao);
end
$$;
comment on function interno.expediente_somar(uuid, uuid, timestamptz, interval) is
'O instante em que terá passado esta duração de tempo aberto; sem calendário, ou num que não abre o bastante em 400 dias, de tempo corrido.
Erros: ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
