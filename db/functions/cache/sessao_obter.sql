/* pgmigrate-encoding: utf-8 */
create or replace function api.sessao_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_id := current_setting('app.sessao_id')::uuid;
    return (
        select jsonb_build_object(
            'clienteId', p_cliente_id, 'usuarioId', u.id, 'perfilId', u.perfil_id,
            'visibilidade', current_setting('app.visibilidade'), 'grupo', interno.visivel_grupo(p_cliente_id),
            'topicos', interno.sessao_topicos(p_cliente_id),
            'permissoes', (
                select jsonb_agg(x.codigo order by x.codigo) from (
                    select pm.codigo from public.permissoes as pm where pm.implicita
                    union
                    select pp.permissao from public.perfis_permissoes as pp
                    where pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id
                ) as x
            ),
            -- whichever ends first: the session, or the licence that lasts longest
            'expiraEm', least(s.acesso_expira_em, (
                select max(coalesce(l.expira_em, 'infinity')) from public.licencas as l where l.cliente_id = p_cliente_id and l.ativo
            ))
        )
        from public.sessoes as s
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = s.usuario_id
        where s.cliente_id = p_cliente_id and s.id = v_id
    );
end
$$;
comment on function api.sessao_obter(uuid, text) is
'O que a borda pode lembrar de uma sessão viva: de quem é, o que permite, o que vê (topicos), com quem o divide e até quando vale.
Erros: ZAG01 sessão inválida.
Efeitos: nenhum.
Desde: 0.3.0';
