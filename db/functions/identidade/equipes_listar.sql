/* pgmigrate-encoding: utf-8 */
create or replace function api.equipes_listar(
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
    return interno.pagina(interno.equipes_json(p_cliente_id, array(
        select e.id from public.equipes as e
        where e.cliente_id = p_cliente_id and (v_cursor is null or e.id < v_cursor)
        order by e.id desc
        limit v_limite + 1
    )), v_limite);
end
$$;
comment on function api.equipes_listar(uuid, text, integer, text) is
'Equipes do cliente, da mais nova à mais antiga.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.1.0';
