/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_hora(p_valor text, p_padrao timestamptz) returns timestamptz
language sql stable security invoker set search_path = ''
as $$
    select case
        when p_valor ~ '^[0-9]{9,10}$' then to_timestamp(p_valor::bigint)
        when p_valor ~ '^[0-9]{12,14}$' then to_timestamp(p_valor::bigint / 1000.0)
        when p_valor ~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]' and pg_input_is_valid(p_valor, 'timestamptz') then p_valor::timestamptz
        else p_padrao
    end;
$$;
comment on function interno.uaizap_hora(text, timestamptz) is
'Um instante como os servidores UaiZap o escrevem: segundos, milissegundos ou ISO, número ou texto; p_padrao quando não é nenhum.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
