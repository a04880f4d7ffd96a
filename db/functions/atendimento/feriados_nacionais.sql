/* pgmigrate-encoding: utf-8 */
create or replace function interno.feriados_nacionais(p_ano integer)
returns table (data date, nome text, facultativo boolean)
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_seculo integer := p_ano / 100;
    v_lua integer := (19 * (p_ano % 19) + v_seculo - v_seculo / 4 - (v_seculo - (v_seculo + 8) / 25 + 1) / 3 + 15) % 30;
    v_semana integer := (32 + 2 * (v_seculo % 4) + 2 * (p_ano % 100 / 4) - v_lua - p_ano % 100 % 4) % 7;
    v_soma integer := v_lua + v_semana - 7 * ((p_ano % 19 + 11 * v_lua + 22 * v_semana) / 451) + 114;
    v_pascoa date := make_date(p_ano, v_soma / 31, v_soma % 31 + 1);
begin
    return query
    select x.data, x.nome, x.facultativo
    from (
        values
        (make_date(p_ano, 1, 1), 'Confraternização Universal', false),
        (v_pascoa - 48, 'Carnaval (segunda-feira)', true),
        (v_pascoa - 47, 'Carnaval (terça-feira)', true),
        (v_pascoa - 2, 'Sexta-feira Santa', false),
        (make_date(p_ano, 4, 21), 'Tiradentes', false),
        (make_date(p_ano, 5, 1), 'Dia do Trabalho', false),
        (v_pascoa + 60, 'Corpus Christi', true),
        (make_date(p_ano, 9, 7), 'Independência do Brasil', false),
        (make_date(p_ano, 10, 12), 'Nossa Senhora Aparecida', false),
        (make_date(p_ano, 11, 2), 'Finados', false),
        (make_date(p_ano, 11, 15), 'Proclamação da República', false),
        (make_date(p_ano, 11, 20), 'Dia da Consciência Negra', false),
        (make_date(p_ano, 12, 25), 'Natal', false)
    ) as x (data, nome, facultativo)
    -- national since Lei 14.759/2023
    where p_ano >= 2024 or x.nome <> 'Dia da Consciência Negra'
    order by x.data;
end
$$;
comment on function interno.feriados_nacionais(integer) is
'Os feriados nacionais do Brasil num ano, e os pontos facultativos que seguem a Páscoa.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
