/* pgmigrate-encoding: utf-8 */
create or replace function api.atendimento_proximo(p_cliente_id uuid, p_sessao text, p_equipe_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
    v_equipes uuid[];
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_usuario_id := interno.usuario_corrente();
    v_equipes := interno.equipes_da_fila(p_cliente_id, v_usuario_id, p_equipe_id);
    perform interno.atendente_travar(p_cliente_id, v_usuario_id);
    v_conversa := interno.oferta_pegar(p_cliente_id, v_usuario_id);
    if v_conversa.id is null then
        v_conversa := interno.fila_pegar(p_cliente_id, v_usuario_id, v_equipes, p_equipe_id is null);
    end if;
    if v_conversa.id is not null then
        v_conversa := interno.atendimento_dar(p_cliente_id, v_conversa, v_usuario_id);
    end if;
    return jsonb_build_object(
        'conversa', case when v_conversa.id is not null then interno.conversa_json(v_conversa) end,
        'atendimento', interno.atendimento_json(p_cliente_id, v_usuario_id)
    );
end
$$;
comment on function api.atendimento_proximo(uuid, text, uuid) is
'Dá a quem pede a próxima conversa da fila (de uma equipe ou, sem p_equipe_id, das suas e da de todos): a que lhe é oferecida (de qualquer fila), a que espera por ela, senão a de maior prioridade e, entre iguais, a que espera há mais tempo. conversa é nula quando nada espera. Duas pessoas nunca recebem a mesma.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI04 equipe não encontrada; ZCA05 sem vaga; ZCA06 em pausa ou ausente.
Efeitos: conversas, conversas_historico, usuarios, ofertas, fila, eventos.
Desde: 0.3.0';
