/* pgmigrate-encoding: utf-8 */
create or replace function api.calendarios_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    return interno.pagina(interno.calendarios_json(p_cliente_id, array(
        select c.id from public.calendarios as c
        where c.cliente_id = p_cliente_id and (v_cursor is null or c.id < v_cursor)
        order by c.id desc
        limit v_limite + 1
    )), v_limite);
end
$$;
comment on function api.calendarios_listar(uuid, text, integer, text) is
'Calendários do cliente, do mais novo ao mais antigo.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.3.0';
