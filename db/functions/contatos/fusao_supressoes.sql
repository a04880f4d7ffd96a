/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_supressoes(p_cliente_id uuid, p_fusao_id uuid, p_de public.contatos, p_para public.contatos)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- a refusal holds for every number of the person
    with novas as (
        insert into public.supressoes (cliente_id, telefone_hash)
        select p_cliente_id, interno.telefone_hash(p_cliente_id, t.telefone)
        from (select p_de.telefone union select p_para.telefone) as t (telefone)
        where t.telefone is not null and 'REVOGADO' in (p_de.marketing, p_para.marketing)
        order by 2
        on conflict do nothing
        returning telefone_hash
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id, antes)
    select p_cliente_id, p_fusao_id, 'supressoes', p_para.id, jsonb_build_object('hash', encode(n.telefone_hash, 'hex')) from novas as n;
end
$$;
comment on function interno.fusao_supressoes(uuid, uuid, public.contatos, public.contatos) is
'A recusa de marketing de um dos contatos passa a valer para os telefones dos dois.
Erros: nenhum.
Efeitos: supressoes, contatos_fusoes_itens.
Desde: 0.3.0';
