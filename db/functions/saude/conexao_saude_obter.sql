/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_saude_obter(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
    r_uso record;
    r_entrada record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:ler');
    select x.* into v_conexao
    from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_id and x.removido_em is null;
    if not found then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    select u.* into r_uso from interno.portfolio_uso(p_cliente_id, p_id, p_agora) as u;
    select e.* into r_entrada from interno.entrada_obter(p_cliente_id, p_id, p_agora) as e;
    return jsonb_build_object(
        'id', v_conexao.id, 'status', v_conexao.status, 'statusMotivo', v_conexao.status_motivo, 'suspensaAte', v_conexao.suspensa_ate,
        'qualidade', v_conexao.qualidade, 'nomeVerificado', v_conexao.nome_verificado, 'saudeEnvio', v_conexao.saude_envio,
        'consultadaEm', v_conexao.consultada_em,
        'limite24h', r_uso.limite, 'usados24h', r_uso.usados, 'livreEm', r_uso.livre_em,
        'restricao', (
            select p.restricao from public.portfolios as p
            where p.cliente_id = p_cliente_id and p.conta_id_externa = v_conexao.conta_id_externa
        ),
        'tetoPorSegundo', v_conexao.teto_por_segundo,
        'tetoEfetivo', interno.teto_efetivo(p_cliente_id, p_id, v_conexao.teto_por_segundo, p_agora),
        'ritmoMedido', interno.ritmo_medido(p_id),
        'entradaPorSegundo', r_entrada.por_segundo, 'entradaPico', r_entrada.pico,
        'faixas', interno.conexao_faixas(p_cliente_id, p_id, p_agora),
        'ocorrencias', coalesce((
            select jsonb_agg(interno.ocorrencia_json(o.linha) order by o.id desc)
            from (
                select x.id, x as linha
                from public.ocorrencias as x
                where x.cliente_id = p_cliente_id and x.conexao_id = p_id
                order by x.id desc
                limit 10
            ) as o
        ), '[]')
    );
end
$$;
comment on function api.conexao_saude_obter(uuid, text, uuid, timestamptz) is
'Como está um número: qualidade, limite de pessoas em 24 h e quanto dele se usou (nulos = sem limite conhecido), teto efetivo, o que chega por segundo, filas por faixa e as últimas ocorrências.
Erros: ZNX01 conexão não encontrada.
Efeitos: nenhum.
Desde: 0.2.0';
