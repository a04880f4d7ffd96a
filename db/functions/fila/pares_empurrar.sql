/* pgmigrate-encoding: utf-8 */
create or replace function interno.pares_empurrar(
    p_cliente_id uuid, p_conexao_id uuid, p_contatos uuid[], p_abrem uuid[], p_agora timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- the provider counts from when the first one arrives, a little after this
    c_margem constant interval := '500 milliseconds';
begin
    insert into public.pares as p (cliente_id, conexao_id, contato_id, rajada_em, quitado_em)
    select p_cliente_id, p_conexao_id, c.id, p_agora, p_agora + c_margem + count(*) * interval '6 seconds'
    from unnest(p_contatos) as c (id)
    where c.id = any (p_abrem) or exists (
        select from public.pares as e
        where e.cliente_id = p_cliente_id and e.conexao_id = p_conexao_id and e.contato_id = c.id
    )
    group by c.id
    order by c.id
    on conflict (cliente_id, conexao_id, contato_id) do update
    set rajada_em = case when p.quitado_em <= p_agora then p_agora else p.rajada_em end,
        quitado_em = excluded.quitado_em + case when p.quitado_em <= p_agora then interval '0' else p.quitado_em - p_agora - c_margem end;
end
$$;
comment on function interno.pares_empurrar(uuid, uuid, uuid[], uuid[], timestamptz) is
'Anota mensagens que vão sair de um número para pessoas: 6 s cada. Só quem está em p_abrem ganha linha; as outras pagam se já têm.
Erros: nenhum.
Efeitos: pares.
Desde: 0.2.0';
