/* pgmigrate-encoding: utf-8 */
create or replace function worker.limite_assumir(p_cliente_id uuid, p_conexao_id uuid, p_epoca bigint, p_autoridade text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- the old authority reserved up to 1 s ahead, its last permit lives 10 ms, and 1 s later no window holds both
    c_espera constant interval := '2050 milliseconds';
    -- workers that disagree on whether Redis is reachable must not make the number change hands all the time
    c_permanencia constant interval := '30 seconds';
    v_agora timestamptz;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    perform from public.limites as l where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id for update;
    v_agora := clock_timestamp();
    update public.limites as l
    set epoca = l.epoca + 1, autoridade = p_autoridade, assumida_em = v_agora, proximo_slot = v_agora + c_espera
    where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id
        and l.epoca = p_epoca and l.autoridade <> p_autoridade
        and (p_autoridade = 'POSTGRES' or l.assumida_em <= v_agora - c_permanencia);
    return worker.limite_obter(p_cliente_id, p_conexao_id);
end
$$;
comment on function worker.limite_assumir(uuid, uuid, bigint, text) is
'Passa o ritmo de um número a outra autoridade, se a época ainda é a informada; responde o que vale depois.
Erros: ZNX01 conexão não encontrada; 23514 autoridade desconhecida.
Efeitos: limites. A volta ao Redis só acontece 30 s depois da última troca.
Desde: 0.1.0';
