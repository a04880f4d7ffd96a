/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_cursor_ler(p_cursor text, p_ordem text) returns public.conversas_posicao
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_posicao public.conversas_posicao;
begin
    if p_cursor is null then
        return null;
    end if;
    -- the keys of another order would be a place anywhere
    if p_cursor !~ '^[1-4][0-3]00[0-9a-f]{46}$'
        or substr(p_cursor, 1, 1)::integer <> array_position(array['ULTIMA_ATIVIDADE', 'ESPERA', 'CRIADA', 'PRIORIDADE'], p_ordem) then
        raise exception using errcode = '22023', message = 'cursor inválido', column = 'cursor';
    end if;
    v_posicao.ordem := p_ordem;
    v_posicao.fase := substr(p_cursor, 2, 1)::integer;
    v_posicao.em := 'epoch'::timestamptz + (('x' || substr(p_cursor, 3, 16))::bit(64)::bigint) * interval '1 microsecond';
    v_posicao.id := substr(p_cursor, 19)::uuid;
    return v_posicao;
end
$$;
comment on function interno.conversas_cursor_ler(text, text) is
'Lê o cursor de uma lista de conversas; o de outra ordem não vale.
Erros: 22* cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
