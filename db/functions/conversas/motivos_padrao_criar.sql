/* pgmigrate-encoding: utf-8 */
create or replace function interno.motivos_padrao_criar(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.motivos_resolucao (cliente_id, nome)
    select p_cliente_id, n.nome
    from unnest(array['Resolvido', 'Sem resposta da pessoa', 'Não era atendimento', 'Duplicada']) as n (nome)
    on conflict (cliente_id, nome) do nothing;
end
$$;
comment on function interno.motivos_padrao_criar(uuid) is
'Cria os motivos de resolução com que todo cliente começa.
Erros: nenhum.
Efeitos: motivos_resolucao.
Desde: 0.3.0';
