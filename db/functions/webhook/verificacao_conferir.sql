/* pgmigrate-encoding: utf-8 */
create or replace function webhook.verificacao_conferir(p_hash bytea) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select to_jsonb(exists (
        select from public.conexoes as c where c.verificacao_hash = p_hash and c.removido_em is null and c.cliente_id is not null
    ));
$$;
comment on function webhook.verificacao_conferir(bytea) is
'Se alguma conexão tem este verifyToken (sha256): comparar o hash não revela nada pelo tempo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
