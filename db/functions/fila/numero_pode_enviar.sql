/* pgmigrate-encoding: utf-8 */
create or replace function interno.numero_pode_enviar(p_cliente_id uuid, p_conexao_id uuid, p_epoca bigint, p_agora timestamptz)
returns boolean
language sql stable security invoker set search_path = ''
as $$
    select exists (
        select from public.conexoes as x
        join public.clientes as c on c.id = p_cliente_id and c.ativo
        join public.limites as l on l.cliente_id = p_cliente_id and l.conexao_id = x.id and l.epoca = p_epoca
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.status = 'ATIVA' and x.removido_em is null
            and (x.suspensa_ate is null or x.suspensa_ate <= p_agora)
    );
$$;
comment on function interno.numero_pode_enviar(uuid, uuid, bigint, timestamptz) is
'Se o número pode enviar agora: cliente ativo, conexão ativa e não suspensa, permissões da época vigente do limitador.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
