/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_atividade_obter(p_cliente_id uuid, p_sessao text, p_ids uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    if cardinality(p_ids) > 200 then
        raise exception using errcode = '22023', message = 'informe até 200 contatos', column = 'ids';
    end if;
    return jsonb_build_object('contatos', (
        select coalesce(jsonb_object_agg(x.id, x.em), '{}')
        from (
            select i.id, (
                select max(v.ultima_mensagem_em) from public.conversas as v
                where v.cliente_id = p_cliente_id and v.contato_id = i.id and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
            ) as em
            from unnest(p_ids) as i (id)
        ) as x
        where x.em is not null
    ));
end
$$;
comment on function api.contatos_atividade_obter(uuid, text, uuid[]) is
'Quando se falou por último com cada um destes contatos, nas conversas que quem pede pode ver; com quem nunca se falou não aparece.
Erros: 22023 ids demais.
Efeitos: nenhum.
Desde: 0.3.0';
