/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanhas_log_estatisticas() returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- skip_locked: another start, or autovacuum, is at it already
    analyze (skip_locked) public.campanhas_log (cliente_id, campanha_id, status);
end
$$;
comment on function interno.campanhas_log_estatisticas() is
'Conta ao planejador o público recém-congelado: sem isso, para um cliente novo, ele planeja para uma linha e lê o público inteiro a cada passo. Quem executa precisa de MAINTAIN na tabela.
Erros: nenhum.
Efeitos: estatísticas de campanhas_log.
Desde: 0.1.0';
