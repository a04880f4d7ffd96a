/* pgmigrate-encoding: utf-8 */
create or replace function worker.conexao_saude_registrar(p_cliente_id uuid, p_conexao_id uuid, p_saude jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_conexao public.conexoes;
    v_pessoas integer := interno.pessoas_ler(p_saude -> 'limitePortfolio');
    v_vazao integer := case when p_saude ->> 'vazaoPorSegundo' ~ '^[0-9]{1,4}$' then (p_saude ->> 'vazaoPorSegundo')::integer end;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.conexoes as x
    set consultada_em = v_agora,
        saude_envio = case when p_saude ->> 'podeEnviar' in ('AVAILABLE', 'LIMITED', 'BLOCKED') then p_saude ->> 'podeEnviar' else x.saude_envio end,
        nome_verificado = coalesce(left(p_saude ->> 'nomeVerificado', 200), x.nome_verificado),
        numero_exibicao = coalesce(left(p_saude ->> 'numeroExibido', 30), x.numero_exibicao),
        -- what the provider does not take would only be refused
        teto_por_segundo = case when v_vazao between 15 and x.teto_por_segundo - 1 then v_vazao else x.teto_por_segundo end
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.removido_em is null and x.status <> 'DESATIVADA'
    returning x.* into v_conexao;
    if not found then
        return to_jsonb(false);
    end if;
    perform interno.conexao_qualidade_gravar(
        p_cliente_id, p_conexao_id, case when p_saude ->> 'qualidade' in ('GREEN', 'YELLOW', 'RED') then p_saude ->> 'qualidade' else 'UNKNOWN' end,
        v_agora
    );
    if v_pessoas is not null and v_conexao.conta_id_externa is not null then
        perform interno.portfolio_limite_gravar(p_cliente_id, v_conexao.conta_id_externa, v_pessoas, 'CONSULTA', v_agora);
    end if;
    if v_conexao.teto_por_segundo = v_vazao and v_vazao < 80 then
        perform interno.aviso_anotar(
            p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, 'TETO_DO_PROVEDOR',
            format('O WhatsApp aceita %s mensagens por segundo deste número: o teto dele é esse', v_vazao)
        );
    end if;
    if v_conexao.saude_envio in ('LIMITED', 'BLOCKED') then
        perform interno.aviso_anotar(
            p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, 'SAUDE_' || v_conexao.saude_envio,
            case v_conexao.saude_envio when 'BLOCKED' then 'O WhatsApp diz que este número não pode enviar'
                else 'O WhatsApp limita o que este número pode enviar' end || coalesce(': ' || left((
                jsonb_path_query_first(p_saude, '$.entidades[*].erros[*].descricao') #>> '{}'
            ), 300), '')
        );
    end if;
    return to_jsonb(true);
end
$$;
comment on function worker.conexao_saude_registrar(uuid, uuid, jsonb) is
'Guarda o que o provedor respondeu sobre um número (app.provedores.saude.Saude): qualidade, limite da conta, vazão, se pode enviar. Devolve se vale perguntar de novo.
Erros: 42501 sem cliente.
Efeitos: conexoes, portfolios, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
