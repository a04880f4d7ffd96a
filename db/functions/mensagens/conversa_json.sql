/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_json(p_conversa public.conversas) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_ultima jsonb;
begin
    select to_jsonb(x) into v_ultima from (
        select m.id, m.direcao, m.tipo, case when m.apagado_em is null then left(m.corpo, 300) end as corpo, m.status
        from public.mensagens as m
        where m.cliente_id = p_conversa.cliente_id and m.conversa_id = p_conversa.id
        order by m.ocorrido_em desc, m.id desc
        limit 1
    ) as x;
    return jsonb_build_object(
        'id', p_conversa.id, 'conexaoId', p_conversa.conexao_id, 'contato', (
            select jsonb_build_object('id', c.id, 'nome', c.nome, 'telefone', c.telefone, 'bloqueado', c.bloqueado)
            from public.contatos as c where c.cliente_id = p_conversa.cliente_id and c.id = p_conversa.contato_id
        ),
        'usuarioId', p_conversa.usuario_id, 'equipeId', p_conversa.equipe_id, 'status', p_conversa.status,
        'controle', p_conversa.controle, 'naoLidas', p_conversa.nao_lidas, 'janelaExpiraEm', p_conversa.janela_expira_em,
        'ultimaMensagemEm', p_conversa.ultima_mensagem_em, 'ultimaMensagem', v_ultima, 'versao', p_conversa.versao,
        'criadoEm', p_conversa.criado_em
    );
end
$$;
comment on function interno.conversa_json(public.conversas) is
'A conversa como a API a mostra, com o contato e a última mensagem.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
