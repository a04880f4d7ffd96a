/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_json(p_conexao public.conexoes) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_conexao.id, 'nome', p_conexao.nome, 'canal', p_conexao.canal, 'provedor', p_conexao.provedor,
        'status', p_conexao.status, 'statusMotivo', p_conexao.status_motivo, 'suspensaAte', p_conexao.suspensa_ate,
        'numeroExibicao', p_conexao.numero_exibicao, 'qualidade', p_conexao.qualidade,
        'tetoPorSegundo', p_conexao.teto_por_segundo, 'equipeId', p_conexao.equipe_id, 'donoMinutos', p_conexao.dono_minutos,
        'reabertura', p_conexao.reabertura, 'reaberturaHoras', p_conexao.reabertura_horas,
        -- a credential never comes back: only whether there is one
        'credenciais', jsonb_build_object(
            'phoneNumberId', p_conexao.numero_id_externo is not null, 'wabaId', p_conexao.conta_id_externa is not null,
            'accessToken', true, 'appSecret', p_conexao.segredo_impressao is not null,
            'verifyToken', p_conexao.verificacao_hash is not null
        ),
        'instancia', (
            select jsonb_build_object(
                'urlBase', i.url_base, 'nome', i.instancia, 'status', i.status, 'statusMotivo', i.status_motivo, 'statusEm', i.status_em,
                'numero', p_conexao.numero_id_externo, 'jid', i.jid, 'webhookEm', i.webhook_em, 'administrada', i.administrada,
                'novasSuspensasAte', nullif(i.novas_suspensas_ate, '-infinity')
            )
            from public.conexoes_instancias as i where i.cliente_id = p_conexao.cliente_id and i.conexao_id = p_conexao.id
        ),
        'versao', p_conexao.versao, 'criadoEm', p_conexao.criado_em, 'atualizadoEm', p_conexao.atualizado_em
    );
end;
comment on function interno.conexao_json(public.conexoes) is
'A conexão como a API a mostra, sem nenhuma credencial; instancia só existe para um aparelho UaiZap.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
