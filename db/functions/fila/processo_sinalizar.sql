/* pgmigrate-encoding: utf-8 */
create or replace function worker.processo_sinalizar(
    p_nome text, p_fim boolean default false, p_metricas jsonb default '{}'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from public.processos as p where (p_fim and p.nome = p_nome) or p.visto_em < now() - interval '1 day';
    insert into public.processos as p (nome, tipo, iniciado_em, visto_em, metricas)
    select p_nome, 'WORKER', now(), now(), p_metricas where not p_fim
    on conflict (nome) do update set visto_em = excluded.visto_em, metricas = excluded.metricas;
    return to_jsonb(true);
end
$$;
comment on function worker.processo_sinalizar(text, boolean, jsonb) is
'Diz que um worker está vivo, com as medidas do seu limitador, ou que saiu (p_fim).
Erros: 23514 nome inválido.
Efeitos: processos.
Desde: 0.1.0';
