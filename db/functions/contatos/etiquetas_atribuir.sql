/* pgmigrate-encoding: utf-8 */
create or replace function api.etiquetas_atribuir(
    p_cliente_id uuid, p_sessao text, p_contato_ids uuid[], p_adicionar uuid[] default '{}', p_remover uuid[] default '{}'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contatos uuid[];
    v_postas bigint;
    v_tiradas bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:gerir');
    v_contatos := array(select distinct i.id from unnest(p_contato_ids) as i (id));
    if cardinality(v_contatos) not between 1 and 1000 or cardinality(p_adicionar) + cardinality(p_remover) not between 1 and 50 then
        raise exception using errcode = '22023', message = 'informe de 1 a 1000 contatos e de 1 a 50 etiquetas', column = 'contatoIds';
    end if;
    if cardinality(v_contatos) <> (
        select count(*) from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = any (v_contatos) and c.removido_em is null
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    if exists (
        select from unnest(p_adicionar || p_remover) as i (id)
        where not exists (select from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = i.id)
    ) then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    delete from public.contatos_etiquetas as e
    where e.cliente_id = p_cliente_id and e.contato_id = any (v_contatos) and e.etiqueta_id = any (p_remover);
    get diagnostics v_tiradas = row_count;
    insert into public.contatos_etiquetas (cliente_id, contato_id, etiqueta_id)
    select p_cliente_id, c.id, e.id from unnest(v_contatos) as c (id) cross join unnest(p_adicionar) as e (id)
    order by c.id, e.id
    on conflict do nothing;
    get diagnostics v_postas = row_count;
    perform interno.auditar(p_cliente_id, 'etiquetas_atribuidas', 'contatos', null, jsonb_build_object(
        'contatos', cardinality(v_contatos), 'adicionar', p_adicionar, 'remover', p_remover
    ));
    return jsonb_build_object('contatos', cardinality(v_contatos), 'adicionadas', v_postas, 'removidas', v_tiradas);
end
$$;
comment on function api.etiquetas_atribuir(uuid, text, uuid[], uuid[], uuid[]) is
'Põe e tira etiquetas de até 1000 contatos; um id desconhecido recusa tudo.
Erros: ZNC01 contato não encontrado; ZNE01 etiqueta não encontrada; 22023 quantidade fora da faixa.
Efeitos: contatos_etiquetas, auditoria, eventos.
Desde: 0.1.0';
