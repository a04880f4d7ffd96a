/* pgmigrate-encoding: utf-8 */
create or replace function api.perfil_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'perfis:gerir');
    perform interno.perfil_travar(p_cliente_id, p_id, p_versao);
    if exists (select from public.usuarios as u where u.cliente_id = p_cliente_id and u.perfil_id = p_id) then
        raise exception using errcode = 'ZCI03', message = 'há usuários com este perfil: troque o perfil deles antes';
    end if;
    delete from public.perfis as p where p.cliente_id = p_cliente_id and p.id = p_id;
    perform interno.auditar(p_cliente_id, 'perfil_removido', 'perfis', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.perfil_remover(uuid, text, uuid, integer) is
'Remove um perfil próprio que ninguém usa.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI03 perfil não encontrado; ZRI02 perfil padrão; ZCG02 versão antiga; ZCI03 perfil em uso.
Efeitos: perfis, perfis_permissoes, auditoria, eventos.
Desde: 0.1.0';
