/* pgmigrate-encoding: utf-8 */
create or replace function interno.decisao_conferir(p_decisao text, p_motivo text, p_confirmar boolean) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_decisao is null or p_decisao not in ('CONFIRMADO', 'REENVIAR', 'DESISTIR') then
        raise exception using errcode = '22023', column = 'decisao', message = 'decisão desconhecida: CONFIRMADO, REENVIAR ou DESISTIR';
    end if;
    if coalesce(char_length(btrim(p_motivo)) not between 3 and 300, true) then
        raise exception using errcode = 'ZRF01', column = 'motivo', message = 'explique o motivo, em 3 a 300 caracteres';
    end if;
    if p_decisao = 'REENVIAR' and not coalesce(p_confirmar, false) then
        raise exception using errcode = 'ZRF03', column = 'confirmar', message = 'reenviar pode entregar duas vezes: confirme que é isso que quer';
    end if;
    return btrim(p_motivo);
end
$$;
comment on function interno.decisao_conferir(text, text, boolean) is
'Confere a decisão sobre um envio sem confirmação e devolve o motivo aparado.
Erros: 22023 decisão; ZRF01 motivo; ZRF03 reenvio sem confirmação.
Efeitos: nenhum.
Desde: 0.2.0';
