/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_nome text default null,
    p_telefone text default null, p_telefone_informado text default null, p_email text default null, p_campos jsonb default null,
    p_responsavel_id uuid default null, p_equipe_id uuid default null, p_limpar text[] default '{}'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_antes public.contatos;
    v_contato public.contatos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:gerir');
    v_antes := interno.contato_travar(p_cliente_id, p_id, p_versao);
    if not p_limpar <@ array['email', 'responsavelId', 'equipeId'] then
        raise exception using errcode = '22023', message = 'só email, responsavelId e equipeId podem ficar vazios', column = 'limpar';
    end if;
    if p_telefone is null and p_telefone_informado is not null then
        raise exception using errcode = 'ZRC01', message = 'telefone inválido: informe o DDD e o número', column = 'telefone';
    end if;
    update public.contatos as c set
        nome = coalesce(btrim(p_nome), c.nome),
        telefone = coalesce(p_telefone, c.telefone),
        telefone_informado = coalesce(p_telefone_informado, c.telefone_informado),
        sem_whatsapp_em = case when coalesce(p_telefone, c.telefone) is not distinct from c.telefone then c.sem_whatsapp_em end,
        email = case when not 'email' = any (p_limpar) then coalesce(interno.email_ler(p_email), c.email) end,
        campos = coalesce(p_campos, c.campos),
        responsavel_id = case when not 'responsavelId' = any (p_limpar) then coalesce(p_responsavel_id, c.responsavel_id) end,
        equipe_id = case when not 'equipeId' = any (p_limpar) then coalesce(p_equipe_id, c.equipe_id) end
    where c.cliente_id = p_cliente_id and c.id = p_id
    returning c.* into v_contato;
    if v_contato.telefone is distinct from v_antes.telefone then
        -- what a provider calls the old number must not bring its messages here
        delete from public.contatos_identidades as i
        where i.cliente_id = p_cliente_id and i.contato_id = p_id and i.tipo in ('E164', 'WA_ID', 'JID');
    end if;
    perform interno.auditar(p_cliente_id, 'contato_atualizado', 'contatos', p_id,
        jsonb_build_object('telefoneTrocado', v_contato.telefone is distinct from v_antes.telefone));
    return interno.contato_json(v_contato);
end
$$;
comment on function api.contato_atualizar(uuid, text, uuid, integer, text, text, text, text, jsonb, uuid, uuid, text[]) is
'Muda um contato: nulo = fica como está; p_limpar nomeia o que fica vazio. Trocar o telefone esquece as identidades do antigo.
Erros: ZNC01 contato não encontrado; ZCG02 versão antiga; ZRC01 telefone inválido; ZRC02 e-mail inválido; ZCC01 telefone repetido; ZNI02 usuário não encontrado; ZNI04 equipe não encontrada; 22023 campo que não pode ficar vazio.
Efeitos: contatos, contatos_identidades, auditoria, eventos.
Desde: 0.1.0';
