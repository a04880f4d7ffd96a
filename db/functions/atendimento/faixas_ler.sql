/* pgmigrate-encoding: utf-8 */
create or replace function interno.faixas_ler(p_faixas jsonb, p_dia boolean)
returns table (dia smallint, inicio smallint, fim smallint)
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    c_hora constant text := '^([01][0-9]|2[0-3]):[0-5][0-9]$';
begin
    if jsonb_typeof(p_faixas) <> 'array' or jsonb_array_length(p_faixas) > 100 or exists (
        select from jsonb_array_elements(p_faixas) as f (f)
        where jsonb_typeof(f.f) <> 'object' or coalesce(f.f ->> 'inicio', '') !~ c_hora
            or (coalesce(f.f ->> 'fim', '') !~ c_hora and f.f ->> 'fim' is distinct from '24:00')
            or (p_dia and coalesce(f.f ->> 'dia', '') !~ '^[1-7]$')
    ) then
        raise exception using errcode = 'ZRA03', column = 'faixas',
            message = 'cada faixa precisa de inicio e fim na forma HH:MM e, na semana, do dia (1 = segunda a 7 = domingo); no máximo 100';
    end if;
    return query
    select (f.f ->> 'dia')::smallint, (split_part(f.f ->> 'inicio', ':', 1)::smallint * 60 + split_part(f.f ->> 'inicio', ':', 2)::smallint)::smallint,
        (split_part(f.f ->> 'fim', ':', 1)::smallint * 60 + split_part(f.f ->> 'fim', ':', 2)::smallint)::smallint
    from jsonb_array_elements(p_faixas) as f (f);
end
$$;
comment on function interno.faixas_ler(jsonb, boolean) is
'As faixas de um pedido ({dia, inicio, fim}, horas como HH:MM) em minutos desde a meia-noite.
Erros: ZRA03 faixa malformada.
Efeitos: nenhum.
Desde: 0.3.0';
