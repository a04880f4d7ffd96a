/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_parar(
    p_cliente_id uuid, p_modelo_id uuid, p_status text, p_texto text, p_codigo integer default null
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conexao_id uuid;
    r_campanha record;
begin
    update public.modelos as m set status = p_status
    where m.cliente_id = p_cliente_id and m.id = p_modelo_id and m.status <> p_status
    returning m.conexao_id into v_conexao_id;
    if v_conexao_id is not null then
        perform interno.ocorrencia_registrar(p_cliente_id, 'MODELO', p_modelo_id, v_conexao_id, 'TEMPLATE_STOP', p_codigo, p_texto);
    end if;
    for r_campanha in
        update public.campanhas as k set status = 'PAUSADA', status_motivo = p_texto
        where k.cliente_id = p_cliente_id and k.modelo_id = p_modelo_id and k.status = 'EM_ANDAMENTO'
        returning k.id, k.conexao_id
    loop
        perform interno.campanha_recolher(p_cliente_id, r_campanha.id, 'PENDENTE', null);
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CAMPANHA', r_campanha.id, r_campanha.conexao_id, 'TEMPLATE_STOP', p_codigo, p_texto
        );
    end loop;
end
$$;
comment on function interno.modelo_parar(uuid, uuid, text, text, integer) is
'Marca o modelo com o estado que o provedor deu e pausa as campanhas que o usam.
Erros: nenhum.
Efeitos: modelos, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.1.0';
