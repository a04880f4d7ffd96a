/* pgmigrate-encoding: utf-8 */
create or replace function api.agendadas_listar(p_cliente_id uuid, p_sessao text, p_status text default null, p_contato_id uuid default null, p_limite integer default null,
    p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.agendada_json(x.agendada) order by x.id desc), '[]') into v_itens
    from (
        select a as agendada, a.id
        from public.mensagens_agendadas as a
        where a.cliente_id = p_cliente_id and (p_status is null or a.status = p_status)
            and (p_contato_id is null or a.contato_id = p_contato_id) and (v_antes_de is null or a.id < v_antes_de)
            and interno.agendada_visivel(p_cliente_id, a)
        order by a.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.agendadas_listar(uuid, text, text, uuid, integer, text) is
'Lista agendamentos visíveis, do mais novo para o mais velho.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.2.0';
