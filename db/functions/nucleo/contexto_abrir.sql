/* pgmigrate-encoding: utf-8 */
create or replace function interno.contexto_abrir(p_cliente_id uuid, p_sessao text, p_permissao text) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_sessao record;
begin
    if p_cliente_id is null or p_sessao is null then
        raise exception using errcode = 'ZAG01', message = 'sessão inválida ou expirada';
    end if;
    -- overwritten whatever it was: the token, read below under RLS, is what proves the tenant
    perform set_config('app.cliente_id', p_cliente_id::text, true);
    select s.id as sessao_id, s.usuario_id, u.perfil_id, p.visibilidade, c.ativo as cliente_ativo,
        exists (
            select from public.licencas as l
            where l.cliente_id = p_cliente_id and l.ativo and (l.expira_em is null or l.expira_em > now())
        ) as licenciado,
        exists (select from public.permissoes as pm where pm.codigo = p_permissao and pm.implicita) or exists (
            select from public.perfis_permissoes as pp
            where pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id and pp.permissao = p_permissao
        ) as permitido
    into r_sessao
    from public.sessoes as s
    join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = s.usuario_id
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    join public.clientes as c on c.id = p_cliente_id
    where s.cliente_id = p_cliente_id
        and s.acesso_hash = sha256(convert_to(p_sessao, 'UTF8'))
        and s.acesso_expira_em > now() and s.revogada_em is null and u.ativo;
    if not found then
        raise exception using errcode = 'ZAG01', message = 'sessão inválida ou expirada';
    end if;
    if not r_sessao.cliente_ativo or not r_sessao.licenciado then
        raise exception using errcode = 'ZPG02', message = 'a conta da empresa está inativa ou sem licença válida';
    end if;
    if not r_sessao.permitido then
        raise exception using errcode = 'ZPG01', message = 'você não tem permissão para isto', detail = p_permissao;
    end if;
    perform set_config('app.usuario_id', r_sessao.usuario_id::text, true),
        set_config('app.sessao_id', r_sessao.sessao_id::text, true),
        set_config('app.visibilidade', r_sessao.visibilidade, true);
end
$$;
comment on function interno.contexto_abrir(uuid, text, text) is
'Confere a sessão, o usuário, o cliente, a licença e a permissão e abre o contexto da transação.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPG02 cliente inativo ou sem licença.
Efeitos: app.cliente_id, app.usuario_id, app.sessao_id e app.visibilidade, locais à transação.
Desde: 0.1.0';
