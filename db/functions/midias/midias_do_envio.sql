/* pgmigrate-encoding: utf-8 */
create or replace function interno.midias_do_envio(p_cliente_id uuid, p_conexao_id uuid, p_midia_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_object_agg(m.id, jsonb_strip_nulls(jsonb_build_object(
        'id', m.id, 'sha256', m.sha256, 'mime', m.mime, 'tamanho', m.tamanho, 'nome', m.nome, 'idExterno', v.id_externo
    ))), '{}')
    from public.midias as m
    left join public.midias_provedor as v
        on v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.midia_id = m.id
            and v.status = 'DISPONIVEL' and v.expira_em > now()
    where m.cliente_id = p_cliente_id and m.id = any (p_midia_ids) and m.status = 'DISPONIVEL';
$$;
comment on function interno.midias_do_envio(uuid, uuid, uuid[]) is
'O que um envio precisa saber das suas mídias, por id: {id: {id, sha256, mime, tamanho, nome?, idExterno?}}; idExterno é o id delas no provedor da conexão.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
