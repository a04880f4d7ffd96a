/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_json(p_mensagem public.mensagens) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_contexto jsonb;
    v_sai_em timestamptz;
    -- deleted by who wrote it, or part of what was: kept, and not shown
    v_apagada boolean := p_mensagem.apagado_em is not null;
begin
    if p_mensagem.contexto_id is not null or p_mensagem.contexto_id_externo is not null then
        select jsonb_build_object(
                'id', q.id, 'direcao', q.direcao, 'tipo', q.tipo, 'corpo', case when q.apagado_em is null then left(q.corpo, 300) end
            ), v_apagada or (p_mensagem.tipo in ('EDICAO', 'ECO') and q.apagado_em is not null)
        into v_contexto, v_apagada
        from public.mensagens as q
        where q.cliente_id = p_mensagem.cliente_id and q.id = coalesce(p_mensagem.contexto_id, (
            -- ours may have been named by the provider after the answer came
            select o.id from public.mensagens as o
            where o.cliente_id = p_mensagem.cliente_id and o.conexao_id = p_mensagem.conexao_id
                and o.id_externo = p_mensagem.contexto_id_externo
        ));
        v_apagada := coalesce(v_apagada, p_mensagem.apagado_em is not null);
    end if;
    if p_mensagem.direcao = 'SAIDA' and p_mensagem.status in ('PENDENTE', 'RESERVADO') then
        select f.executar_em into v_sai_em from public.fila as f
        where f.cliente_id = p_mensagem.cliente_id and f.tipo = 'mensagem_enviar' and f.alvo_id = p_mensagem.id
            and f.reservado_ate is null and f.intencao_em is null;
    end if;
    return jsonb_build_object(
        'id', p_mensagem.id, 'conversaId', p_mensagem.conversa_id, 'conexaoId', p_mensagem.conexao_id, 'direcao', p_mensagem.direcao,
        'origem', p_mensagem.origem, 'tipo', p_mensagem.tipo, 'corpo', case when not v_apagada then p_mensagem.corpo end,
        'conteudo', case when v_apagada then '{}' else p_mensagem.conteudo end,
        'status', p_mensagem.status,
        'tique', interno.mensagem_tique(p_mensagem),
        'motivo', p_mensagem.motivo, 'motivoTexto', interno.mensagem_motivo(p_mensagem.motivo, p_mensagem.erro_texto),
        'erroCodigo', p_mensagem.erro_codigo, 'tentativas', p_mensagem.tentativas,
        'acoes', case when v_sai_em is not null then array['DESFAZER'] else interno.mensagem_acoes(p_mensagem.status, p_mensagem.motivo) end,
        'saiEm', v_sai_em, 'contexto', v_contexto,
        'modeloId', p_mensagem.modelo_id, 'midiaId', case when not v_apagada then p_mensagem.midia_id end, 'usuarioId', p_mensagem.usuario_id,
        'reacoes', p_mensagem.reacoes, 'editadoEm', p_mensagem.editado_em, 'apagadoEm', p_mensagem.apagado_em,
        'ocorridoEm', p_mensagem.ocorrido_em, 'recebidoEm', p_mensagem.recebido_em, 'enviadoEm', p_mensagem.enviado_em, 'entregueEm', p_mensagem.entregue_em,
        'lidoEm', p_mensagem.lido_em, 'criadoEm', p_mensagem.criado_em
    );
end
$$;
comment on function interno.mensagem_json(public.mensagens) is
'A mensagem como a API a mostra, com os tiques, o motivo em palavras, o que se pode fazer (acoes), a mensagem que cita, as reações e as três horas (escrita, recebida, processada = criadoEm). O que foi apagado por quem escreveu não se mostra. saiEm: enquanto ninguém a pegou, desde quando pode sair.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
