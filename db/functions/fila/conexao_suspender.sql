/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_suspender(
    p_cliente_id uuid, p_conexao_id uuid, p_classe text, p_codigo integer, p_agora timestamptz, p_sorte double precision
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_ate timestamptz;
    v_falhas integer;
begin
    update public.conexoes as x
    set falhas_seguidas = least(x.falhas_seguidas + 1, 10),
        suspensa_ate = p_agora
            + (0.5 + p_sorte) * least(c.suspensao_ms / 1000.0 * 2 ^ x.falhas_seguidas, c.suspensao_maxima_s) * interval '1 second'
    from public.provedor_classes as c
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and c.classe = p_classe
        and (x.suspensa_ate is null or x.suspensa_ate <= p_agora)
    returning x.suspensa_ate, x.falhas_seguidas into v_ate, v_falhas;
    -- when it begins, and when it gets long: not once a second
    if v_falhas = 1 or v_ate > p_agora + interval '10 seconds' then
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, p_classe, p_codigo,
            (select c.texto from public.provedor_classes as c where c.classe = p_classe)
        );
    end if;
end
$$;
comment on function interno.conexao_suspender(uuid, uuid, text, integer, timestamptz, double precision) is
'Faz o número descansar por um tempo que dobra a cada falha seguida (provedor_classes); quem já descansa não começa de novo.
Erros: nenhum.
Efeitos: conexoes; ocorrencias, na primeira falha e quando passa de 10 s.
Desde: 0.2.0';
