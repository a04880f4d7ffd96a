/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_situacao(
    p_conexao public.conexoes, p_entrada_em timestamptz, p_esperadas numeric, p_envios integer, p_erros integer, p_erros_desde timestamptz,
    p_limite integer, p_usados integer, p_agora timestamptz
) returns table (estado text, motivo text, desde timestamptz)
language plpgsql stable security invoker set search_path = '' rows 1
as $$
declare
    -- when ten would have come and none did, chance is one in twenty thousand
    c_silencio constant integer := 10;
    c_amostra constant integer := 20;
    c_erros constant numeric := 0.10;
    c_limite constant numeric := 0.90;
    v_instancia public.conexoes_instancias;
    v_restrita_em timestamptz;
begin
    select i.* into v_instancia
    from public.conexoes_instancias as i where i.cliente_id = p_conexao.cliente_id and i.conexao_id = p_conexao.id;
    select p.restricao_em into v_restrita_em
    from public.portfolios as p
    where p.cliente_id = p_conexao.cliente_id and p.conta_id_externa = p_conexao.conta_id_externa and p.restricao is not null
        and coalesce(p.restricao_ate, 'infinity') > p_agora;
    select x.estado, x.motivo, x.desde into estado, motivo, desde
    from (values
        (1, p_conexao.status = 'DESATIVADA', 'PARADO', 'DESATIVADA', p_conexao.status_em),
        (2, v_restrita_em is not null, 'PARADO', 'CONTA_RESTRITA', v_restrita_em),
        (3, v_instancia.status <> 'CONECTADA', 'PARADO', 'APARELHO', v_instancia.status_em),
        (4, p_conexao.status <> 'ATIVA', 'PARADO', p_conexao.status, p_conexao.status_em),
        (5, p_conexao.saude_envio = 'BLOCKED', 'PARADO', 'BLOQUEADO', null),
        (6, p_conexao.suspensa_ate > p_agora, 'ATENCAO', 'SUSPENSA', null),
        (7, v_instancia.conexao_id is not null and v_instancia.webhook_em is null, 'ATENCAO', 'SEM_WEBHOOK', v_instancia.status_em),
        (8, p_conexao.provedor = 'META_API' and p_conexao.segredo_impressao is null, 'ATENCAO', 'SEM_SEGREDO', p_conexao.criado_em),
        (9, p_conexao.qualidade = 'RED', 'ATENCAO', 'QUALIDADE_RED', nullif(p_conexao.qualidade_em, '-infinity')),
        (10, p_esperadas >= c_silencio, 'ATENCAO', 'SILENCIO', p_entrada_em),
        (11, p_envios >= c_amostra and p_erros >= p_envios * c_erros, 'ATENCAO', 'ERROS', p_erros_desde),
        (12, p_usados >= p_limite * c_limite, 'ATENCAO', 'LIMITE', null),
        (13, p_conexao.saude_envio = 'LIMITED', 'ATENCAO', 'LIMITADO', null),
        (14, p_conexao.qualidade = 'YELLOW', 'ATENCAO', 'QUALIDADE_YELLOW', nullif(p_conexao.qualidade_em, '-infinity'))
    ) as x (ordem, vale, estado, motivo, desde)
    where x.vale
    order by x.ordem
    limit 1;
    if not found then
        estado := 'VERDE';
        desde := p_conexao.status_em;
    end if;
    return next;
end
$$;
comment on function interno.conexao_situacao(
    public.conexoes, timestamptz, numeric, integer, integer, timestamptz, integer, integer, timestamptz
) is
'Se um número vai bem (VERDE), pede atenção ou está parado, por que motivo (o mais grave) e desde quando, se se sabe. Os números são os de conexao_sinais e portfolio_uso.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
