/* pgmigrate-encoding: utf-8 */
create or replace function api.conexoes_saude_listar(
    p_cliente_id uuid, p_sessao text, p_status text default null, p_id uuid default null, p_limite integer default null,
    p_cursor text default null, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb := '[]';
    v_conexao public.conexoes;
    r_sinais record;
    r_uso record;
    r_situacao record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    for v_conexao in
        select c.* from public.conexoes as c
        where c.cliente_id = p_cliente_id and c.removido_em is null
            and (p_status is null or c.status = p_status) and (p_id is null or c.id = p_id) and (v_apos is null or c.id < v_apos)
        order by c.id desc
        limit v_limite + 1
    loop
        select s.* into r_sinais from interno.conexao_sinais(p_cliente_id, v_conexao.id, p_agora) as s;
        select u.* into r_uso from interno.portfolio_uso(p_cliente_id, v_conexao.id, p_agora) as u;
        select s.* into r_situacao from interno.conexao_situacao(
            v_conexao, r_sinais.entrada_em, r_sinais.entradas_esperadas, r_sinais.envios, r_sinais.erros, r_sinais.erros_desde,
            r_uso.limite, r_uso.usados, p_agora
        ) as s;
        v_itens := v_itens || jsonb_build_object(
            'id', v_conexao.id, 'conexao', interno.conexao_json(v_conexao),
            'estado', r_situacao.estado, 'motivo', r_situacao.motivo, 'desde', r_situacao.desde,
            'entradaEm', r_sinais.entrada_em, 'saidaEm', r_sinais.saida_em, 'entradasHora', r_sinais.entradas_hora,
            'entradasUsuais', r_sinais.entradas_usuais, 'entradasEsperadas', r_sinais.entradas_esperadas,
            'envios', r_sinais.envios, 'erros', r_sinais.erros, 'porSegundo', r_sinais.por_segundo,
            'naFila', r_sinais.na_fila, 'emCurso', r_sinais.em_curso, 'limite24h', r_uso.limite, 'usados24h', r_uso.usados,
            'tetoEfetivo', interno.teto_efetivo(p_cliente_id, v_conexao.id, v_conexao.teto_por_segundo, p_agora),
            'ritmoMedido', interno.ritmo_medido(v_conexao.id)
        );
    end loop;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.conexoes_saude_listar(uuid, text, text, uuid, integer, text, timestamptz) is
'As conexões do cliente, da mais nova para a mais velha, cada uma com a sua situação (verde, atenção ou parada, por que e desde quando) e o que a mostra: última entrada e saída, o que costuma chegar nesta hora, erros, ritmo, fila e limite de pessoas em 24 h.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
