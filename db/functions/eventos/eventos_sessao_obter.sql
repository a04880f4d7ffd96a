/* pgmigrate-encoding: utf-8 */
create or replace function api.eventos_sessao_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    return (
        select jsonb_build_object(
            'sessaoId', s.id, 'usuarioId', u.id, 'perfilId', u.perfil_id, 'topicos', interno.sessao_topicos(p_cliente_id),
            'ultimo', coalesce((select t.ultimo from public.eventos_totais as t where t.cliente_id = p_cliente_id), 0),
            'restamS', extract(epoch from least(s.acesso_expira_em, (
                select max(coalesce(l.expira_em, 'infinity')) from public.licencas as l where l.cliente_id = p_cliente_id and l.ativo
            )) - now())
        )
        from public.sessoes as s
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = s.usuario_id
        where s.cliente_id = p_cliente_id and s.id = current_setting('app.sessao_id')::uuid
    );
end
$$;
comment on function api.eventos_sessao_obter(uuid, text) is
'De que esta sessão pode saber (topicos), por quantos segundos ainda vale, e o último evento do cliente.
Erros: ZAG01 sessão inválida; ZPG02 cliente inativo ou sem licença.
Efeitos: nenhum.
Desde: 0.3.0';
