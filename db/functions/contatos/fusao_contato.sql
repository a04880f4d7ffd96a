/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_contato(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_de public.contatos;
    v_antes public.contatos;
    v_para public.contatos;
begin
    select c.* into v_antes from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_para;
    -- leaves first: its phone is then free for the one that stays
    update public.contatos as c set removido_em = v_agora, fundido_em_id = p_para
    where c.cliente_id = p_cliente_id and c.id = p_de
    returning c.* into v_de;
    perform interno.fusao_supressoes(p_cliente_id, p_fusao_id, v_de, v_antes);
    update public.contatos as c set
        telefone = coalesce(c.telefone, v_de.telefone),
        telefone_informado = case when c.telefone is null and v_de.telefone is not null then v_de.telefone_informado
            else coalesce(c.telefone_informado, v_de.telefone_informado) end,
        sem_whatsapp_em = case when c.telefone is null and v_de.telefone is not null then v_de.sem_whatsapp_em else c.sem_whatsapp_em end,
        email = coalesce(c.email, v_de.email),
        -- a name that somebody gave beats one made of a number
        nome = case when c.nome in (coalesce(c.telefone, ''), 'Contato sem nome') then v_de.nome else c.nome end,
        campos = case when pg_column_size(v_de.campos || c.campos) < 8192 then v_de.campos || c.campos else c.campos end,
        bloqueado = c.bloqueado or v_de.bloqueado,
        marketing = case
            when 'REVOGADO' in (c.marketing, v_de.marketing) then 'REVOGADO'
            when 'CONCEDIDO' in (c.marketing, v_de.marketing) then 'CONCEDIDO'
            else 'NAO_INFORMADO'
        end,
        responsavel_id = case when c.responsavel_id is null and c.equipe_id is null then v_de.responsavel_id else c.responsavel_id end,
        equipe_id = case when c.responsavel_id is null and c.equipe_id is null then v_de.equipe_id else c.equipe_id end
    where c.cliente_id = p_cliente_id and c.id = p_para
    returning c.* into v_para;
    perform interno.fusao_anotar(p_cliente_id, p_fusao_id, 'contatos', p_para, to_jsonb(v_antes), to_jsonb(v_para));
end
$$;
comment on function interno.fusao_contato(uuid, uuid, uuid, uuid) is
'Faz de dois contatos um: fica o que o que permanece sabia, completado pelo outro; vale a vontade mais estrita (recusa de marketing, bloqueio).
Erros: nenhum.
Efeitos: contatos, contatos_totais, supressoes, contatos_fusoes_itens.
Desde: 0.3.0';
