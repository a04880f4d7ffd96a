/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_contatos(p_cliente_id uuid, p_fusao public.contatos_fusoes) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_item record;
    v_atual public.contatos;
    v_depois public.contatos;
    v_de public.contatos;
begin
    select i.antes, i.depois into r_item
    from public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'contatos';
    select c.* into v_atual from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_fusao.para_id;
    v_depois := jsonb_populate_record(v_atual, interno.fusao_desfeita(to_jsonb(v_atual), r_item.antes, r_item.depois));
    update public.contatos as c set
        telefone = v_depois.telefone, telefone_informado = v_depois.telefone_informado, sem_whatsapp_em = v_depois.sem_whatsapp_em,
        email = v_depois.email, nome = v_depois.nome, campos = v_depois.campos, bloqueado = v_depois.bloqueado,
        marketing = v_depois.marketing, responsavel_id = v_depois.responsavel_id, equipe_id = v_depois.equipe_id
    where c.cliente_id = p_cliente_id and c.id = p_fusao.para_id;
    update public.contatos as c set removido_em = null, fundido_em_id = null
    where c.cliente_id = p_cliente_id and c.id = p_fusao.de_id
    returning c.* into v_de;
    perform interno.contatos_limite_conferir(p_cliente_id);
    -- said while the two were one: it may have been either of them, and a refusal is not put at risk
    insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, ocorrido_em)
    select p_cliente_id, p_fusao.de_id, u.finalidade, u.acao, u.origem,
        left('Recusa recebida enquanto os dois contatos eram um: ' || u.prova, 1000), u.ocorrido_em
    from (
        select k.* from public.consentimentos as k
        where k.cliente_id = p_cliente_id and k.contato_id = p_fusao.para_id and k.id > p_fusao.id
        order by k.id desc limit 1
    ) as u
    where u.acao = 'REVOGADO' and v_de.marketing <> 'REVOGADO';
    delete from public.supressoes as s
    using public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'supressoes'
        and s.cliente_id = p_cliente_id and s.telefone_hash = decode(i.antes ->> 'hash', 'hex')
        and not exists (
            select from public.contatos as c
            where c.cliente_id = p_cliente_id and c.id in (p_fusao.de_id, p_fusao.para_id) and c.marketing = 'REVOGADO'
                and interno.telefone_hash(p_cliente_id, c.telefone) = s.telefone_hash
        );
end
$$;
comment on function interno.separacao_contatos(uuid, public.contatos_fusoes) is
'Devolve aos dois contatos o que eram antes da fusão, menos o que alguém mudou depois.
Erros: ZCC01 telefone repetido; ZLC01 limite do plano.
Efeitos: contatos, contatos_totais, consentimentos, supressoes.
Desde: 0.3.0';
