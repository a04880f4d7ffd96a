/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisos_pedir(p_cliente_id uuid, p_desde bigint, p_ate bigint) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- what comes together is told together
    c_juntar constant interval := '1 second';
    v_em timestamptz := clock_timestamp() + c_juntar;
begin
    if not exists (select from public.inscricoes as i where i.cliente_id = p_cliente_id) then
        return;
    end if;
    insert into public.fila as f (cliente_id, tipo, prioridade, executar_em, alvo_id)
    select p_cliente_id, 'aviso_empurrar', 3, v_em, x.usuario_id
    from (
        select distinct i.usuario_id, p.avisos_fila
        from public.inscricoes as i
        join public.preferencias as p on p.cliente_id = p_cliente_id and p.usuario_id = i.usuario_id and p.avisos_navegador
        where i.cliente_id = p_cliente_id
    ) as x
    where exists (
        select from public.eventos as e
        where e.cliente_id = p_cliente_id and e.numero > p_desde and e.numero <= p_ate
            and e.tipo in ('mensagem_mudou', 'conversa_mudou', 'conversas_mudaram', 'mencao_mudou', 'oferta_mudou')
            and (
                e.topicos && array['conversas:usuario:' || x.usuario_id, 'pessoa:' || x.usuario_id, 'permissao:conversas:ler']
                or (x.avisos_fila and exists (select from unnest(e.topicos) as t (topico) where t.topico like 'conversas:fila:%'))
            )
    )
    order by x.usuario_id
    -- one that is being done is done again; one that waits is done no later, unless it failed and waits for that
    on conflict (cliente_id, tipo, alvo_id) do update
    set executar_em = case
            when f.reservado_ate is not null then excluded.executar_em
            when f.tentativas > 0 then f.executar_em
            else least(f.executar_em, excluded.executar_em)
        end,
        cerca = f.cerca + 1;
end
$$;
comment on function interno.avisos_pedir(uuid, bigint, bigint) is
'Pede que se avise, nos navegadores inscritos, quem os eventos de p_desde (fora) a p_ate dizem respeito: um trabalho por pessoa. O que há a dizer vê quem o faz (interno.avisos_pendentes).
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
