/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_equipes_definir(p_cliente_id uuid, p_usuario_id uuid, p_equipe_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_atuais uuid[] := array(
        select m.equipe_id from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.usuario_id = p_usuario_id
        order by m.equipe_id
    );
begin
    if v_atuais @> p_equipe_ids and v_atuais <@ p_equipe_ids then
        return;
    end if;
    if not interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'equipes:gerir') then
        raise exception using errcode = 'ZPG01', message = 'você não tem permissão para isto', detail = 'equipes:gerir';
    end if;
    delete from public.equipes_membros as m
    where m.cliente_id = p_cliente_id and m.usuario_id = p_usuario_id and m.equipe_id <> all (p_equipe_ids);
    perform interno.conversas_soltar(p_cliente_id, p_usuario_id, a.equipe_id, 'Saiu da equipe')
    from unnest(v_atuais) as a (equipe_id)
    where a.equipe_id <> all (p_equipe_ids);
    insert into public.equipes_membros (cliente_id, equipe_id, usuario_id)
    select p_cliente_id, x.equipe_id, p_usuario_id
    from (select distinct unnest(p_equipe_ids) as equipe_id) as x
    on conflict on constraint equipes_membros_pkey do nothing;
end
$$;
comment on function interno.usuario_equipes_definir(uuid, uuid, uuid[]) is
'Faz desta lista as equipes de um usuário; as conversas que ele atende nas que deixa voltam à fila delas.
Erros: ZPG01 mudar pede equipes:gerir; ZNI04 (pela chave estrangeira) equipe que não existe neste cliente.
Efeitos: equipes_membros, conversas, conversas_historico.
Desde: 0.3.0';
