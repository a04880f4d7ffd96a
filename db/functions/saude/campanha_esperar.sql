/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_esperar(p_cliente_id uuid, p_campanha_id uuid, p_ate timestamptz, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conexao_id uuid;
    v_texto text;
begin
    update public.fila as f set executar_em = p_ate
    where f.cliente_id = p_cliente_id and f.tipo = 'campanha_alimentar' and f.alvo_id = p_campanha_id;
    if p_ate < p_agora + interval '10 seconds' then
        return;
    end if;
    select 'Limite de pessoas em 24 horas atingido: continua em ' || to_char(p_ate at time zone c.fuso, 'DD/MM "às" HH24:MI')
    into v_texto
    from public.clientes as c where c.id = p_cliente_id;
    select k.conexao_id into v_conexao_id
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status_motivo is null;
    if found then
        perform interno.ocorrencia_registrar(p_cliente_id, 'CAMPANHA', p_campanha_id, v_conexao_id, 'LIMITE_24H', null, v_texto);
        perform interno.avisar(p_cliente_id, 'campanha_mudou', p_campanha_id);
    end if;
    update public.campanhas as k set status_motivo = v_texto
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status_motivo is distinct from v_texto;
end
$$;
comment on function interno.campanha_esperar(uuid, uuid, timestamptz, timestamptz) is
'Adormece o alimentador de uma campanha até p_ate; se não é logo, diz por quê em status_motivo e, uma vez, em ocorrencias.
Erros: nenhum.
Efeitos: fila, campanhas, ocorrencias, eventos.
Desde: 0.2.0';
