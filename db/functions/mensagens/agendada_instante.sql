/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_instante(p_local text, p_fuso text, p_recorrencia text, p_numero integer) returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
begin
    perform interno.fuso_conferir(p_fuso);
    if p_local !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$' or not pg_input_is_valid(p_local, 'timestamp') then
        raise exception using errcode = 'ZRV41', message = 'a hora precisa ter a forma AAAA-MM-DDTHH:MM', column = 'enviarEm';
    end if;
    -- counted from the first on the clock of the place: neither daylight saving nor a short month makes it drift
    return (p_local::timestamp + p_numero * case p_recorrencia
        when 'DIARIA' then interval '1 day' when 'SEMANAL' then interval '7 days' when 'MENSAL' then interval '1 month' else interval '0' end
    ) at time zone p_fuso;
end
$$;
comment on function interno.agendada_instante(text, text, text, integer) is
'O instante da repetição de número p_numero de uma hora local, num fuso da base IANA.
Erros: ZRV40 fuso desconhecido; ZRV41 hora malformada.
Efeitos: nenhum.
Desde: 0.2.0';
