/* pgmigrate-encoding: utf-8 */
create or replace function worker.processo_sinalizar(p_nome text, p_fim boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from public.processos as p where (p_fim and p.nome = p_nome) or p.visto_em < now() - interval '1 day';
    insert into public.processos as p (nome, tipo, iniciado_em, visto_em)
    select p_nome, 'WORKER', now(), now() where not p_fim
    on conflict (nome) do update set visto_em = excluded.visto_em;
    return to_jsonb(true);
end
$$;
comment on function worker.processo_sinalizar(text, boolean) is
'Diz que um worker está vivo, ou que saiu (p_fim).
Erros: 23514 nome inválido.
Efeitos: processos.
Desde: 0.1.0';
