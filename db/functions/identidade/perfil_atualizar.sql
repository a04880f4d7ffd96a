/* pgmigrate-encoding: utf-8 */
create or replace function api.perfil_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null, p_visibilidade text default null,
    p_permissoes text[] default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'perfis:gerir');
    perform interno.perfil_travar(p_cliente_id, p_id, p_versao);
    -- before the change: afterwards the actor's own profile may be the one that grew
    perform interno.permissoes_conferir(p_permissoes),
        interno.concessao_conferir(p_cliente_id, coalesce(p_permissoes, '{}'), coalesce(p_visibilidade, 'PROPRIA'));
    update public.perfis as p set nome = coalesce(btrim(p_nome), p.nome), visibilidade = coalesce(p_visibilidade, p.visibilidade)
    where p.cliente_id = p_cliente_id and p.id = p_id;
    if p_permissoes is not null then
        perform interno.perfil_permissoes_definir(p_cliente_id, p_id, p_permissoes);
    end if;
    perform interno.auditar(p_cliente_id, 'perfil_atualizado', 'perfis', p_id, jsonb_build_object('permissoes', p_permissoes));
    return interno.perfis_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.perfil_atualizar(uuid, text, uuid, text, text, text[], integer) is
'Muda nome, visibilidade ou a lista inteira de permissões de um perfil próprio (nulo = fica como está); vale na chamada seguinte.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI03 perfil não encontrado; ZRI02 perfil padrão; ZRI03 permissão que não existe; ZCG02 versão antiga; ZCI01 nome já usado.
Efeitos: perfis, perfis_permissoes, auditoria, eventos.
Desde: 0.1.0';
