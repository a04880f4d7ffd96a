/* pgmigrate-encoding: utf-8 */
create or replace function webhook.credenciais_listar(p_numeros text[], p_contas text[], p_limite integer default 20) returns jsonb
language sql stable security definer set search_path = ''
as $$
    -- ids in an unverified body only narrow down which secrets are worth trying; none at all: one of each secret
    select coalesce(jsonb_agg(jsonb_build_object(
        'conexaoId', x.id, 'clienteId', x.cliente_id, 'credenciais', encode(x.credenciais, 'base64')
    ) order by x.id), '[]')
    from (
        select c.id, c.cliente_id, c.credenciais from public.conexoes as c
        where c.removido_em is null and c.provedor = 'META_API'
            and (c.numero_id_externo = any (p_numeros) or c.conta_id_externa = any (p_contas))
        union
        select * from (
            select distinct on (c.segredo_impressao) c.id, c.cliente_id, c.credenciais from public.conexoes as c
            where c.removido_em is null and c.provedor = 'META_API' and c.segredo_impressao is not null
                and cardinality(p_numeros) = 0 and cardinality(p_contas) = 0
            order by c.segredo_impressao, c.id limit p_limite
        ) as um_de_cada
        limit p_limite
    ) as x;
$$;
comment on function webhook.credenciais_listar(text[], text[], integer) is
'Credenciais cifradas das conexões Meta que um corpo recebido diz envolver, para conferir a assinatura.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
