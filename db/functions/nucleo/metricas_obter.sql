/* pgmigrate-encoding: utf-8 */
create or replace function api.metricas_obter() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object('processo', p.nome, 'metricas', p.metricas) order by p.nome), '[]')
    from public.processos as p
    where p.visto_em > now() - interval '15 seconds';
$$;
comment on function api.metricas_obter() is
'O que cada worker vivo mediu: ritmo por número e atraso ao acordar. Não diz nada de nenhum cliente além de ids.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
