/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_gravar(p_cliente_id uuid, p_conversa public.conversas, p_motivo text default null) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform set_config('app.conversa_motivo', coalesce(left(btrim(p_motivo), 300), ''), true);
    update public.conversas as v
    set status = p_conversa.status, usuario_id = p_conversa.usuario_id, equipe_id = p_conversa.equipe_id, prioridade = p_conversa.prioridade,
        controle = p_conversa.controle, adiada_ate = p_conversa.adiada_ate, motivo_id = p_conversa.motivo_id
    where v.cliente_id = p_cliente_id and v.id = p_conversa.id
    returning v.* into v_conversa;
    perform set_config('app.conversa_motivo', '', true);
    if v_conversa.status = 'ADIADA' then
        insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
        values (p_cliente_id, 'conversa_acordar', 3, v_conversa.adiada_ate, v_conversa.id)
        on conflict (cliente_id, tipo, alvo_id) do update set executar_em = excluded.executar_em;
    end if;
    return v_conversa;
end
$$;
comment on function interno.conversa_gravar(uuid, public.conversas, text) is
'Grava o estado, o dono, a equipe, a prioridade, quem pode falar, a hora de voltar e o motivo de uma conversa já travada, como estão na linha dada, e diz ao histórico por quê. O resto se segue (tg_conversas__derivar), e a que fica adiada volta sozinha.
Erros: ZCG01 estado que não se segue do anterior; ZRV61, ZRV62 e ZRV63 o que falta ao estado; ZNV20 motivo; ZNI02; ZNI04.
Efeitos: conversas, conversas_historico; fila (conversa_acordar).
Desde: 0.3.0';
