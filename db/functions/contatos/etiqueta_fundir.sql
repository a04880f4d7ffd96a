/* pgmigrate-encoding: utf-8 */
create or replace function api.etiqueta_fundir(p_cliente_id uuid, p_sessao text, p_id uuid, p_outra_id uuid, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_fica public.etiquetas;
    v_sai public.etiquetas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:gerir');
    if p_id = p_outra_id then
        raise exception using errcode = '22023', message = 'escolha duas etiquetas diferentes', column = 'outraId';
    end if;
    perform from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id in (p_id, p_outra_id) order by e.id for update;
    select e.* into v_fica from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_id;
    select e.* into v_sai from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_outra_id;
    if v_fica.id is null or v_sai.id is null then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    perform interno.versao_conferir(v_sai.versao, p_versao);
    insert into public.contatos_etiquetas (cliente_id, contato_id, etiqueta_id)
    select p_cliente_id, c.contato_id, p_id from public.contatos_etiquetas as c
    where c.cliente_id = p_cliente_id and c.etiqueta_id = p_outra_id
    order by c.contato_id
    on conflict do nothing;
    insert into public.conversas_etiquetas (cliente_id, conversa_id, etiqueta_id)
    select p_cliente_id, v.conversa_id, p_id from public.conversas_etiquetas as v
    where v.cliente_id = p_cliente_id and v.etiqueta_id = p_outra_id
    order by v.conversa_id
    on conflict do nothing;
    perform interno.etiqueta_trocar(p_cliente_id, p_outra_id, p_id);
    delete from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_outra_id;
    perform interno.auditar(p_cliente_id, 'etiquetas_fundidas', 'etiquetas', p_id, jsonb_build_object(
        'nome', v_fica.nome, 'outra', v_sai.nome, 'outraId', p_outra_id
    ));
    return interno.etiqueta_json(v_fica);
end
$$;
comment on function api.etiqueta_fundir(uuid, text, uuid, uuid, integer) is
'Junta uma etiqueta (p_outra_id, cuja versão se confere) a esta: contatos, conversas, visões e campanhas por enviar passam a usar esta, e a outra some. Não há como desfazer.
Erros: ZNE01 etiqueta não encontrada; ZCG02 versão antiga; 22023 a mesma duas vezes.
Efeitos: etiquetas, contatos_etiquetas, conversas_etiquetas, conversas_historico, visoes, campanhas, auditoria, eventos.
Desde: 0.3.0';
