/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_conversa_juntar(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_motivo_id uuid;
    v_de public.conversas;
    v_antes public.conversas;
    v_para public.conversas;
begin
    insert into public.motivos_resolucao (cliente_id, nome) values (p_cliente_id, 'Duplicada') on conflict do nothing;
    select m.id into v_motivo_id from public.motivos_resolucao as m where m.cliente_id = p_cliente_id and m.nome = 'Duplicada';
    select v.* into v_de from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_de;
    select v.* into v_antes from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_para;
    perform interno.fusao_mensagens(p_cliente_id, p_fusao_id, p_de, p_para);
    perform interno.fusao_anexos(p_cliente_id, p_fusao_id, p_de, p_para);
    update public.conversas as v
    set status = 'RESOLVIDA', fundida_em_id = p_para, motivo_id = v_motivo_id, resolvida_em = v_agora, nao_lidas = 0, espera_desde = null,
        ultima_mensagem_id = null
    where v.cliente_id = p_cliente_id and v.id = p_de
    returning v.* into v_para;
    perform interno.fusao_anotar(p_cliente_id, p_fusao_id, 'conversas_fundidas', p_de, to_jsonb(v_de), to_jsonb(v_para));
    perform interno.conversa_somar(p_cliente_id, v_de, p_para);
    -- whoever serves the person goes on serving
    update public.conversas as v
    set usuario_id = v_de.usuario_id, equipe_id = v_de.equipe_id, status = 'EM_ATENDIMENTO'
    where v.cliente_id = p_cliente_id and v.id = p_para and v.usuario_id is null and v_de.usuario_id is not null;
    select v.* into v_para from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_para;
    perform interno.fusao_anotar(p_cliente_id, p_fusao_id, 'conversas_somadas', p_para, to_jsonb(v_antes), to_jsonb(v_para));
    insert into public.conversas_historico (cliente_id, conversa_id, tipo, usuario_id, dados)
    values (p_cliente_id, p_para, 'FUNDIDA', interno.usuario_corrente(), jsonb_build_object('conversaId', p_de, 'fusaoId', p_fusao_id));
end
$$;
comment on function interno.fusao_conversa_juntar(uuid, uuid, uuid, uuid) is
'De duas conversas abertas da mesma pessoa num número, faz uma: tudo passa para p_para; p_de fica vazia, resolvida e apontando para ela. Quem atendia continua atendendo.
Erros: nenhum.
Efeitos: conversas, mensagens, fila, notas, mencoes, rascunhos, conversas_etiquetas, conversas_historico, contatos_fusoes_itens, eventos.
Desde: 0.3.0';
