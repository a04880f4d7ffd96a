/* pgmigrate-encoding: utf-8 */
create or replace function interno.marketing_recusas_ler(p_cliente_id uuid, p_contatos uuid[]) returns uuid[]
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return array(
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = any (p_contatos)
            and (c.marketing = 'REVOGADO' or (c.telefone is not null and exists (
                select from public.supressoes as s
                where s.cliente_id = p_cliente_id and s.telefone_hash = interno.telefone_hash(p_cliente_id, c.telefone)
                offset 0
            )))
    );
end
$$;
comment on function interno.marketing_recusas_ler(uuid, uuid[]) is
'Destes contatos, os que agora não aceitam marketing: recusaram, ou têm o telefone na lista de supressão. Para mostrar; quem envia pergunta a marketing_recusas.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
