/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_publico_gravar(p_cliente_id uuid, p_campanha_id uuid, p_contato_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    delete from public.campanhas_publico as p where p.cliente_id = p_cliente_id and p.campanha_id = p_campanha_id;
    -- an id of another tenant, or of nobody, breaks the composite foreign key: both answer the same
    insert into public.campanhas_publico (cliente_id, campanha_id, contato_id)
    select p_cliente_id, p_campanha_id, c.id from unnest(p_contato_ids) as c (id) group by c.id;
end
$$;
comment on function interno.campanha_publico_gravar(uuid, uuid, uuid[]) is
'Troca os contatos escolhidos um a um para a campanha; repetidos contam uma vez.
Erros: ZNC01 contato não encontrado.
Efeitos: campanhas_publico.
Desde: 0.1.0';
