/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_fundir(
    p_cliente_id uuid, p_de uuid, p_para uuid, p_motivo text, p_evidencia jsonb default '{}'
) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_fusao_id uuid;
begin
    perform interno.contatos_travar(p_cliente_id, array[p_de, p_para]);
    if (
        select count(*) from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id in (p_de, p_para) and c.removido_em is null
    ) < 2 then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    insert into public.contatos_fusoes (cliente_id, de_id, para_id, motivo, evidencia, fundido_por)
    values (
        p_cliente_id, p_de, p_para, p_motivo,
        case when pg_column_size(p_evidencia) < 8000 then p_evidencia else '{}' end, interno.usuario_corrente()
    ) returning id into v_fusao_id;
    perform interno.fusao_conversas(p_cliente_id, v_fusao_id, p_de, p_para);
    perform interno.fusao_campanhas(p_cliente_id, v_fusao_id, p_de, p_para);
    perform interno.fusao_contato(p_cliente_id, v_fusao_id, p_de, p_para);
    perform interno.fusao_ligados(p_cliente_id, v_fusao_id, p_de, p_para);
    perform interno.auditar(p_cliente_id, 'contatos_fundidos', 'contatos', p_para, jsonb_build_object(
        'deId', p_de, 'fusaoId', v_fusao_id, 'motivo', p_motivo
    ));
    return v_fusao_id;
end
$$;
comment on function interno.contatos_fundir(uuid, uuid, uuid, text, jsonb) is
'Junta um contato (p_de) a outro (p_para), por serem a mesma pessoa, e anota cada linha mudada, para que contato_separar a devolva. p_de fica como removido, apontando para p_para.
Erros: ZNC01 contato não encontrado; ZCC06 já juntado a outro.
Efeitos: contatos, contatos_identidades, contatos_etiquetas, contatos_falhas, conversas, conversas_historico, mensagens, notas, mencoes, rascunhos, conversas_etiquetas, mensagens_agendadas, campanhas_log, campanhas_publico, pares, supressoes, fila, contatos_fusoes, contatos_fusoes_itens, auditoria, eventos; travas até o fim da transação.
Desde: 0.3.0';
