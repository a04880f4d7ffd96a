/* pgmigrate-encoding: utf-8 */
create or replace function interno.tentativa_devolver(p_chave text, p_limite integer) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.tentativas_login as t set
        tentativas = greatest(t.tentativas - 1, 0),
        bloqueada_ate = case when t.tentativas > p_limite then t.bloqueada_ate end
    where t.chave = sha256(convert_to(p_chave, 'UTF8'));
    -- somebody who got in also sweeps a few rows that nobody waits for any more
    delete from public.tentativas_login as t
    where t.chave in (
        select v.chave from public.tentativas_login as v
        where v.janela_desde < now() - interval '1 day' and coalesce(v.bloqueada_ate, v.janela_desde) < now() - interval '1 hour'
        limit 20 for update skip locked
    );
end
$$;
comment on function interno.tentativa_devolver(text, integer) is
'Desfaz a contagem de um acerto (o escritório inteiro sai pelo mesmo endereço) e apaga contadores vencidos.
Erros: nenhum.
Efeitos: tentativas_login.
Desde: 0.1.0';
