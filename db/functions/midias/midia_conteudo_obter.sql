/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_conteudo_obter(p_cliente_id uuid, p_sessao_id uuid, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_midia public.midias;
    r_sessao record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select s.usuario_id, p.visibilidade into r_sessao
    from public.sessoes as s
    join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = s.usuario_id and u.ativo
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    join public.perfis_permissoes as pp
        on pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id and pp.permissao = 'conversas:ler'
    where s.cliente_id = p_cliente_id and s.id = p_sessao_id and s.revogada_em is null and s.renovacao_expira_em > now();
    if not found or not interno.cliente_operante(p_cliente_id) then
        raise exception using errcode = 'ZND01', message = 'mídia não encontrada';
    end if;
    perform set_config('app.usuario_id', r_sessao.usuario_id::text, true),
        set_config('app.visibilidade', r_sessao.visibilidade, true);
    v_midia := interno.midia_ler(p_cliente_id, p_id);
    if v_midia.status <> 'DISPONIVEL' then
        raise exception using errcode = 'ZND01', message = 'mídia não encontrada';
    end if;
    return jsonb_build_object(
        'sha256', v_midia.sha256, 'mime', v_midia.mime, 'nome', v_midia.nome, 'tamanho', v_midia.tamanho, 'tipo', v_midia.tipo
    );
end
$$;
comment on function api.midia_conteudo_obter(uuid, uuid, uuid) is
'O que servir por um endereço que a borda assinou: confere de novo que a sessão que o pediu vive, que o usuário ainda pode ver a mídia e que ela é deste cliente.
Erros: ZND01 mídia não encontrada, ou o acesso acabou.
Efeitos: nenhum.
Desde: 0.2.0';
