/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_numero_qualidade(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_evento text := upper(p_valor ->> 'event');
    v_pessoas integer := coalesce(
        interno.pessoas_ler(p_valor -> 'max_daily_conversations_per_business'), interno.pessoas_ler(p_valor -> 'current_limit')
    );
begin
    if v_pessoas is not null then
        perform interno.portfolio_limite_gravar(p_cliente_id, p_conta, v_pessoas, 'AVISO', p_em);
    end if;
    if not interno.aviso_numero_proprio(p_cliente_id, p_conexao_id, p_valor) then
        return;
    end if;
    if v_evento in ('FLAGGED', 'UNFLAGGED') then
        -- the notice does not tell the colour: flagged is taken for the worst, and the provider is asked right away
        perform interno.conexao_qualidade_gravar(
            p_cliente_id, p_conexao_id, case v_evento when 'FLAGGED' then 'RED' else 'UNKNOWN' end, p_em
        );
        perform interno.conexao_consulta_agendar(p_cliente_id, p_conexao_id, now());
    elsif v_evento in ('THROUGHPUT_UPGRADE', 'THROUGHPUT_DOWNGRADE') then
        perform interno.aviso_anotar(p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, v_evento, case v_evento
            when 'THROUGHPUT_UPGRADE' then 'O WhatsApp permite agora mais mensagens por segundo neste número: o teto dele pode ser aumentado'
            else 'O WhatsApp reduziu as mensagens por segundo deste número: confira o teto dele' end);
    end if;
end
$$;
comment on function interno.aviso_numero_qualidade(uuid, uuid, text, jsonb, timestamptz) is
'phone_number_quality_update: limite de pessoas da conta, qualidade do número (sinalizado conta como vermelho até a consulta dizer) e vazão.
Erros: nenhum.
Efeitos: portfolios, conexoes, campanhas, fila, ocorrencias, eventos.
Desde: 0.2.0';
