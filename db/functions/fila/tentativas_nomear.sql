/* pgmigrate-encoding: utf-8 */
create or replace function interno.tentativas_nomear(p_cliente_id uuid, p_alvos uuid[]) returns void
language sql volatile security invoker set search_path = ''
as $$
    update public.tentativas as t set id_externo = s.id_externo
    from (
        select distinct on (a.conexao_id, a.id_externo) a.*
        from (
            select t.id, t.conexao_id, min(r.id_externo) as id_externo
            from public.tentativas as t
            join public.status_recebidos as r
                on r.cliente_id = p_cliente_id and r.tentativa_id = t.id and r.conexao_id = t.conexao_id
            where t.cliente_id = p_cliente_id and t.alvo_id = any (p_alvos) and t.id_externo is null
            group by t.id, t.conexao_id
        ) as a
        order by a.conexao_id, a.id_externo, a.id
    ) as s
    where t.cliente_id = p_cliente_id and t.id = s.id and not exists (
        -- offset 0: one probe for each, not a join with everything ever sent
        select from public.tentativas as o
        where o.cliente_id = p_cliente_id and o.conexao_id = s.conexao_id and o.id_externo = s.id_externo
        offset 0
    );
$$;
comment on function interno.tentativas_nomear(uuid, uuid[]) is
'Um status que traz o id da nossa tentativa diz como o provedor chama a mensagem: os próximos podem trazer só esse nome.
Erros: nenhum.
Efeitos: tentativas.
Desde: 0.2.0';
