/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_cabe(p_conversa public.conversas, p_filtros public.conversas_filtros) returns boolean
language sql stable security invoker
begin atomic
    -- no sub-select here, or it would no longer be inlined: what needs one is in interno.conversas_filtrar
    select ((p_filtros).status is null or (p_conversa).status = any ((p_filtros).status)) -- noqa: LT01
        and (p_conversa).fundida_em_id is null
        and ((p_filtros).aba <> 'MINHAS' or (p_conversa).usuario_id = interno.usuario_corrente())
        and ((p_filtros).aba <> 'FILA' or interno.conversa_na_fila(p_conversa))
        and ((p_filtros).usuario_id is null or (p_conversa).usuario_id = (p_filtros).usuario_id)
        and ((p_filtros).sem_dono is null or ((p_conversa).usuario_id is null) = (p_filtros).sem_dono)
        and ((p_filtros).equipe_id is null or (p_conversa).equipe_id = (p_filtros).equipe_id)
        and ((p_filtros).conexao_id is null or (p_conversa).conexao_id = (p_filtros).conexao_id)
        and ((p_filtros).contato_id is null or (p_conversa).contato_id = (p_filtros).contato_id)
        and ((p_filtros).prioridade is null or (p_conversa).prioridade = any ((p_filtros).prioridade)) -- noqa: LT01
        and ((p_filtros).controle is null or (p_conversa).controle = (p_filtros).controle)
        and ((p_filtros).janela is null or ((p_filtros).janela = 'ABERTA') = coalesce((p_conversa).janela_expira_em > now(), false))
        and ((p_filtros).nao_lidas is null or ((p_conversa).nao_lidas > 0) = (p_filtros).nao_lidas)
        and ((p_filtros).sem_resposta_minutos is null
            or coalesce((p_conversa).espera_desde < now() - make_interval(mins => (p_filtros).sem_resposta_minutos), false))
        and ((p_filtros).atividade_de is null or (p_conversa).ultima_mensagem_em >= (p_filtros).atividade_de)
        and ((p_filtros).atividade_ate is null or (p_conversa).ultima_mensagem_em < (p_filtros).atividade_ate);
end;
comment on function interno.conversa_cabe(public.conversas, public.conversas_filtros) is
'O que dos filtros se decide pela própria conversa; o único predicado das listas, contagens e visões.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
