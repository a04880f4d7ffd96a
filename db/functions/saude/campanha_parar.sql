/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_parar(
    p_cliente_id uuid, p_campanha_id uuid, p_motivo text, p_erro_codigo integer, p_texto text
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conexao_id uuid;
begin
    update public.campanhas as k set status = 'PAUSADA', status_motivo = left(p_texto, 300)
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status = 'EM_ANDAMENTO'
    returning k.conexao_id into v_conexao_id;
    if found then
        perform interno.campanha_recolher(p_cliente_id, p_campanha_id, 'PENDENTE', null);
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CAMPANHA', p_campanha_id, v_conexao_id, p_motivo, p_erro_codigo, p_texto
        );
    end if;
end
$$;
comment on function interno.campanha_parar(uuid, uuid, text, integer, text) is
'Pausa uma campanha em andamento por decisão do sistema, com o motivo que uma pessoa lê; o que ainda não saiu volta a esperar.
Erros: nenhum.
Efeitos: campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
