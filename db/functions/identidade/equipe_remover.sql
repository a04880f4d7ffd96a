/* pgmigrate-encoding: utf-8 */
create or replace function api.equipe_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:gerir');
    perform interno.equipe_travar(p_cliente_id, p_id, p_versao);
    if exists (select from public.contatos as c where c.cliente_id = p_cliente_id and c.equipe_id = p_id)
        or exists (select from public.conversas as c where c.cliente_id = p_cliente_id and c.equipe_id = p_id)
        or exists (select from public.conexoes as x where x.cliente_id = p_cliente_id and x.equipe_id = p_id) then
        raise exception using errcode = 'ZCI05', message = 'a equipe tem contatos, conversas ou números: desative-a em vez de remover';
    end if;
    delete from public.equipes as e where e.cliente_id = p_cliente_id and e.id = p_id;
    perform interno.auditar(p_cliente_id, 'equipe_removida', 'equipes', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.equipe_remover(uuid, text, uuid, integer) is
'Remove uma equipe que nada cita.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI04 equipe não encontrada; ZCG02 versão antiga; ZCI05 equipe em uso.
Efeitos: equipes, equipes_membros, auditoria, eventos.
Desde: 0.1.0';
