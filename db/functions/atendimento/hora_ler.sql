/* pgmigrate-encoding: utf-8 */
create or replace function interno.hora_ler(p_hora text, p_campo text) returns smallint
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_hora !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then
        raise exception using errcode = '22023', message = 'a hora tem a forma HH:MM', column = p_campo;
    end if;
    return split_part(p_hora, ':', 1)::smallint * 60 + split_part(p_hora, ':', 2)::smallint;
end
$$;
comment on function interno.hora_ler(text, text) is
'HH:MM em minutos desde a meia-noite; nulo fica nulo.
Erros: 22023 hora malformada.
Efeitos: nenhum.
Desde: 0.3.0';
