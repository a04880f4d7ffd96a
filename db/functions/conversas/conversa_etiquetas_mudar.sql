/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_etiquetas_mudar(
    p_cliente_id uuid, p_conversa public.conversas, p_adicionar uuid[], p_remover uuid[]
) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.conversa_alheia_conferir(p_cliente_id, p_conversa);
    if cardinality(p_adicionar) + cardinality(p_remover) not between 1 and 50 then
        raise exception using errcode = '22023', message = 'informe de 1 a 50 etiquetas', column = 'adicionar';
    elsif exists (
        select from unnest(p_adicionar || p_remover) as i (id)
        where not exists (select from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = i.id)
    ) then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    delete from public.conversas_etiquetas as e
    where e.cliente_id = p_cliente_id and e.conversa_id = p_conversa.id and e.etiqueta_id = any (p_remover);
    insert into public.conversas_etiquetas (cliente_id, conversa_id, etiqueta_id)
    select p_cliente_id, p_conversa.id, i.id
    from (select distinct a.id from unnest(p_adicionar) as a (id)) as i
    where i.id <> all (p_remover)
    order by i.id
    on conflict (cliente_id, conversa_id, etiqueta_id) do nothing;
    return p_conversa;
end
$$;
comment on function interno.conversa_etiquetas_mudar(uuid, public.conversas, uuid[], uuid[]) is
'Põe e tira etiquetas de uma conversa já travada; a que está nas duas listas sai.
Erros: ZPV20 é de outra pessoa; ZNE01 etiqueta não encontrada; 22023 quantidade fora da faixa.
Efeitos: conversas_etiquetas, conversas_historico.
Desde: 0.3.0';
