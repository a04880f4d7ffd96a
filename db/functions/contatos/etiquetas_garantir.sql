/* pgmigrate-encoding: utf-8 */
create or replace function interno.etiquetas_garantir(p_cliente_id uuid, p_nomes text[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_livres bigint := greatest(interno.etiquetas_livres(p_cliente_id), 0);
begin
    insert into public.etiquetas (cliente_id, nome)
    select p_cliente_id, n.nome
    from unnest(p_nomes) as n (nome)
    where not exists (select from public.etiquetas as e where e.cliente_id = p_cliente_id and e.nome = n.nome)
    order by n.nome
    limit v_livres
    on conflict (cliente_id, nome) do nothing;
end
$$;
comment on function interno.etiquetas_garantir(uuid, text[]) is
'Cria as etiquetas que ainda não existem, até o que um cliente pode ter.
Erros: nenhum.
Efeitos: etiquetas.
Desde: 0.1.0';
