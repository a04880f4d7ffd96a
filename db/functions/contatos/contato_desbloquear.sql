/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_desbloquear(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contato public.contatos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:gerir');
    v_contato := interno.contato_travar(p_cliente_id, p_id, p_versao);
    if v_contato.bloqueado then
        update public.contatos as c set bloqueado = false
        where c.cliente_id = p_cliente_id and c.id = p_id
        returning c.* into v_contato;
        perform interno.auditar(p_cliente_id, 'contato_desbloqueado', 'contatos', p_id);
    end if;
    return interno.contato_json(v_contato);
end
$$;
comment on function api.contato_desbloquear(uuid, text, uuid, integer) is
'Desfaz o bloqueio de um contato.
Erros: ZNC01 contato não encontrado; ZCG02 versão antiga.
Efeitos: contatos, auditoria, eventos.
Desde: 0.1.0';
