/* pgmigrate-encoding: utf-8 */
create or replace function api.equipe_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null, p_ativo boolean default null,
    p_membros uuid[] default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:gerir');
    perform interno.equipe_travar(p_cliente_id, p_id, p_versao);
    update public.equipes as e set nome = coalesce(btrim(p_nome), e.nome), ativo = coalesce(p_ativo, e.ativo)
    where e.cliente_id = p_cliente_id and e.id = p_id;
    if p_membros is not null then
        perform interno.equipe_membros_definir(p_cliente_id, p_id, p_membros);
    end if;
    perform interno.auditar(p_cliente_id, 'equipe_atualizada', 'equipes', p_id);
    return interno.equipes_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.equipe_atualizar(uuid, text, uuid, text, boolean, uuid[], integer) is
'Muda nome, situação ou a lista inteira de membros de uma equipe (nulo = fica como está).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI04 equipe não encontrada; ZNI02 membro não encontrado; ZCG02 versão antiga; ZCI04 nome já usado.
Efeitos: equipes, equipes_membros, auditoria, eventos.
Desde: 0.1.0';
