/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contato public.contatos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:remover');
    v_contato := interno.contato_travar(p_cliente_id, p_id, p_versao);
    delete from public.contatos_identidades as i where i.cliente_id = p_cliente_id and i.contato_id = p_id;
    delete from public.contatos_etiquetas as e where e.cliente_id = p_cliente_id and e.contato_id = p_id;
    -- the row stays, because history points at it; the person leaves. A refusal lives on as a hash in supressoes.
    update public.contatos as c set
        nome = 'Contato removido', telefone = null, telefone_informado = null, email = null, campos = '{}', removido_em = now()
    where c.cliente_id = p_cliente_id and c.id = p_id
    returning c.* into v_contato;
    update public.campanhas_log as l set telefone = null, parametros = '{}'
    where l.cliente_id = p_cliente_id and l.contato_id = p_id and l.status not in ('RESERVADO', 'ENVIANDO');
    perform interno.auditar(p_cliente_id, 'contato_removido', 'contatos', p_id);
    return jsonb_build_object('id', p_id, 'versao', v_contato.versao);
end
$$;
comment on function api.contato_remover(uuid, text, uuid, integer) is
'Anonimiza um contato: saem nome, telefone, e-mail, campos, identidades e etiquetas; fica a linha que o histórico cita.
Erros: ZNC01 contato não encontrado; ZCG02 versão antiga.
Efeitos: contatos, campanhas_log (telefone e parâmetros), contatos_identidades, contatos_etiquetas, auditoria, eventos.
Desde: 0.1.0';
