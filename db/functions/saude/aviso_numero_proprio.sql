/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_numero_proprio(p_cliente_id uuid, p_conexao_id uuid, p_valor jsonb) returns boolean
language sql stable security invoker set search_path = ''
as $$
    -- the account's notices come to each of its numbers; without the number's own digits, only one that is alone is it
    select exists (
        select from public.conexoes as x
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id and case
            when x.numero_exibicao is not null
                then regexp_replace(x.numero_exibicao, '\D', '', 'g') = regexp_replace(p_valor ->> 'display_phone_number', '\D', '', 'g')
            else not exists (
                select from public.conexoes as o
                where o.cliente_id = p_cliente_id and o.conta_id_externa = x.conta_id_externa and o.removido_em is null and o.id <> x.id
            )
        end
    );
$$;
comment on function interno.aviso_numero_proprio(uuid, uuid, jsonb) is
'Se um aviso, que traz só display_phone_number, fala deste número e não de outro da mesma conta.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
