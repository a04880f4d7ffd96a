/* pgmigrate-encoding: utf-8 */
create or replace function api.atendentes_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:atribuir');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    return interno.pagina((
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', p.id, 'nome', p.nome, 'disponibilidade', p.disponibilidade,
            'disponibilidadeMotivo', p.disponibilidade_motivo, 'disponibilidadeEm', p.disponibilidade_em,
            'capacidade', p.capacidade, 'emAtendimento', c.atende,
            'semResposta', c.sem_resposta, 'esperaDesde', c.desde
        ) order by p.id desc), '[]')
        from (
            select u.id, u.nome, u.disponibilidade, u.disponibilidade_motivo, u.disponibilidade_em, u.capacidade
            from public.usuarios as u
            where u.cliente_id = p_cliente_id and u.ativo and (v_cursor is null or u.id < v_cursor)
                and interno.visivel(p_cliente_id, u.id, null) and interno.usuario_pode(p_cliente_id, u.id, 'conversas:responder')
            order by u.id desc
            limit v_limite + 1
        ) as p
        cross join lateral (
            select count(*) as atende, count(v.espera_desde) as sem_resposta, min(v.espera_desde) as desde
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id = p.id and v.status = 'EM_ATENDIMENTO'
        ) as c
    ), v_limite);
end
$$;
comment on function api.atendentes_listar(uuid, text, integer, text) is
'Quem atende, da pessoa mais nova à mais antiga, das que quem pede pode ver: como está e desde quando, quantas conversas atende e pode atender, em quantas delas a pessoa espera resposta e desde quando a mais antiga.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.3.0';
