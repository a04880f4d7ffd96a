/* pgmigrate-encoding: utf-8 */
create or replace function interno.renovacao_recusar(p_cliente_id uuid, p_renovacao_hash bytea) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_usada record;
begin
    select r.sessao_id, r.usada_em, not exists (
        select from public.sessoes_renovacoes as n
        where n.cliente_id = p_cliente_id and n.sessao_id = r.sessao_id and n.usada_em > r.usada_em
    ) as anterior
    into r_usada
    from public.sessoes_renovacoes as r
    where r.cliente_id = p_cliente_id and r.renovacao_hash = p_renovacao_hash;
    -- two tabs, or an answer that was lost: the immediately previous token is for 10 s a plain refusal, never a success
    if found and not (r_usada.anterior and r_usada.usada_em > v_agora - interval '10 seconds') then
        update public.sessoes as s set revogada_em = v_agora, motivo = 'REUSO'
        where s.cliente_id = p_cliente_id and s.id = r_usada.sessao_id and s.revogada_em is null;
        if found then
            perform interno.auditar(p_cliente_id, 'sessao_reuso', 'sessoes', r_usada.sessao_id);
        end if;
    end if;
    return interno.recusa('ZAI02', 'a sessão terminou: entre de novo');
end
$$;
comment on function interno.renovacao_recusar(uuid, bytea) is
'Recusa uma renovação que não vale; se ela já foi usada antes, alguém a copiou: revoga a sessão inteira.
Erros: ZAI02 devolvido.
Efeitos: sessoes, auditoria, eventos.
Desde: 0.1.0';
