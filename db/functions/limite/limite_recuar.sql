/* pgmigrate-encoding: utf-8 */
create or replace function worker.limite_recuar(p_cliente_id uuid, p_conexao_id uuid, p_fator_pct integer default 50) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- all the answers of one burst carry the same news
    c_rajada constant interval := '1 second';
    c_episodio constant interval := '60 seconds';
    v_agora timestamptz;
    v_antes timestamptz;
    v_teto integer;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select l.freado_em into v_antes
    from public.limites as l where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id for update;
    v_agora := clock_timestamp();
    if v_antes <= v_agora - c_rajada then
        select interno.teto_efetivo(p_cliente_id, p_conexao_id, x.teto_por_segundo, v_agora) into v_teto
        from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
        update public.limites as l set freio = greatest(15, v_teto * least(p_fator_pct, 100) / 100), freado_em = v_agora
        where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id;
        if v_antes <= v_agora - c_episodio then
            perform interno.ocorrencia_registrar(
                p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, 'RITMO_REDUZIDO', 130429,
                'O WhatsApp recusou por excesso por segundo: o ritmo do número caiu e volta aos poucos'
            );
            perform interno.avisar(p_cliente_id, 'conexao_mudou', p_conexao_id);
        end if;
    end if;
    return worker.limite_obter(p_cliente_id, p_conexao_id);
end
$$;
comment on function worker.limite_recuar(uuid, uuid, integer) is
'O provedor recusou por excesso (130429): o teto efetivo do número cai para p_fator_pct por cento, uma vez por segundo, para todos os processos e quem quer que dite o ritmo. Uma ocorrência por episódio (60 s sem recusa), não por mensagem.
Erros: ZNX01 conexão não encontrada.
Efeitos: limites, ocorrencias, eventos.
Desde: 0.2.0';
