/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_qualidade_gravar(
    p_cliente_id uuid, p_conexao_id uuid, p_qualidade text, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_antes text;
begin
    update public.conexoes as x set qualidade = p_qualidade, qualidade_em = p_em
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.qualidade_em <= p_em
    returning old.qualidade into v_antes;
    if not found or v_antes = p_qualidade then
        return;
    end if;
    perform interno.aviso_anotar(
        p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, 'QUALIDADE_' || p_qualidade, case p_qualidade
            when 'RED' then 'A qualidade do número ficou vermelha: as campanhas dele foram pausadas'
            when 'YELLOW' then 'A qualidade do número ficou amarela: as campanhas dele vão mais devagar'
            when 'GREEN' then 'A qualidade do número ficou verde'
            else 'A qualidade do número está sendo reavaliada' end
    );
    if p_qualidade = 'RED' then
        perform interno.campanha_parar(
            p_cliente_id, k.id, 'QUALIDADE_RED', null,
            'A qualidade do número ficou vermelha: muita gente bloqueou ou denunciou. Reveja o público e o texto antes de retomar'
        )
        from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.conexao_id = p_conexao_id and k.status = 'EM_ANDAMENTO';
    end if;
end
$$;
comment on function interno.conexao_qualidade_gravar(uuid, uuid, text, timestamptz) is
'Guarda a qualidade de um número, se a notícia não é mais velha que a que se tem; vermelha pausa as campanhas dele, amarela as deixa mais lentas (campanha_alimentar).
Erros: 23514 qualidade desconhecida.
Efeitos: conexoes, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
