/* pgmigrate-encoding: utf-8 */
create or replace function webhook.credenciais_listar(p_numeros text[], p_contas text[], p_limite integer default 20) returns jsonb
language sql stable security definer set search_path = ''
as $$
    -- ids in an unverified body only narrow down which secrets are worth trying; none of ours: one of each secret
    with recursive nomeadas as materialized (
        select c.id, c.cliente_id, c.credenciais from public.conexoes as c
        where c.removido_em is null and c.provedor = 'META_API'
            and (c.numero_id_externo = any (p_numeros) or c.conta_id_externa = any (p_contas))
    ), segredos as (
        -- a loose index scan: the cost follows the distinct secrets, not the numbers that share them
        (
            select c.segredo_impressao as valor from public.conexoes as c
            where c.removido_em is null and c.segredo_impressao is not null and not exists (select from nomeadas)
            order by c.segredo_impressao limit 1
        )
        union all
        select x.valor
        from segredos as s
        cross join lateral (
            select c.segredo_impressao as valor from public.conexoes as c
            where c.removido_em is null and c.segredo_impressao > s.valor
            order by c.segredo_impressao limit 1
        ) as x
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'conexaoId', x.id, 'clienteId', x.cliente_id, 'credenciais', encode(x.credenciais, 'base64')
    ) order by x.id), '[]')
    from (
        select n.id, n.cliente_id, n.credenciais from nomeadas as n
        union all
        select u.id, u.cliente_id, u.credenciais
        from (select s.valor from segredos as s limit p_limite) as s
        cross join lateral (
            select c.id, c.cliente_id, c.credenciais from public.conexoes as c
            where c.removido_em is null and c.segredo_impressao = s.valor and c.provedor = 'META_API'
            limit 1
        ) as u
    ) as x;
$$;
comment on function webhook.credenciais_listar(text[], text[], integer) is
'Credenciais cifradas das conexões Meta que um corpo recebido diz envolver, para conferir a assinatura; se não cita nenhuma das nossas, uma conexão por segredo (até p_limite).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
