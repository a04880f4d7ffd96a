/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipe_membros_definir(p_cliente_id uuid, p_equipe_id uuid, p_membros uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_saem uuid[] := array(
        select m.usuario_id from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and m.usuario_id <> all (p_membros)
        order by m.usuario_id
    );
begin
    delete from public.equipes_membros as m
    where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and m.usuario_id = any (v_saem);
    perform interno.conversas_soltar(p_cliente_id, s.usuario_id, p_equipe_id, 'Saiu da equipe') from unnest(v_saem) as s (usuario_id);
    insert into public.equipes_membros (cliente_id, equipe_id, usuario_id)
    select p_cliente_id, p_equipe_id, x.usuario_id
    from (select distinct unnest(p_membros) as usuario_id) as x
    on conflict on constraint equipes_membros_pkey do nothing;
end
$$;
comment on function interno.equipe_membros_definir(uuid, uuid, uuid[]) is
'Faz desta lista os membros da equipe; as conversas dela que alguém que sai atende voltam à fila.
Erros: ZNI02 (pela chave estrangeira) usuário que não existe neste cliente.
Efeitos: equipes_membros, conversas, conversas_historico.
Desde: 0.1.0';
