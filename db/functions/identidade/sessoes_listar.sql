/* pgmigrate-encoding: utf-8 */
create or replace function api.sessoes_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', x.id, 'origem', host(x.origem), 'agente', x.agente, 'canal', x.canal, 'criadaEm', x.criada_em, 'renovadaEm', x.renovada_em,
        'expiraEm', x.expira_em, 'atual', x.id = current_setting('app.sessao_id')::uuid
    ) order by x.id desc), '[]')
    into v_itens
    from (
        select s.id, s.origem, s.agente, s.criada_em, s.renovada_em, s.canal, v.expira_em
        from public.sessoes as s
        -- a browser's session is extended, never renewed: it ends with its access
        cross join lateral (
            select case s.canal when 'NAVEGADOR' then s.acesso_expira_em else s.renovacao_expira_em end as expira_em
        ) as v
        where s.cliente_id = p_cliente_id and s.usuario_id = interno.usuario_corrente()
            and s.revogada_em is null and v.expira_em > now() and (v_cursor is null or s.id < v_cursor)
        order by s.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.sessoes_listar(uuid, text, integer, text) is
'Sessões vivas do próprio usuário.
Erros: ZAG01 sessão inválida; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.1.0';
