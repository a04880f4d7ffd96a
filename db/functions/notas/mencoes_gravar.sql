/* pgmigrate-encoding: utf-8 */
create or replace function interno.mencoes_gravar(p_cliente_id uuid, p_nota public.notas, p_usuarios uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_maximo constant integer := 50;
    v_conversa public.conversas;
    v_nomes text;
    v_fora text;
begin
    if cardinality(p_usuarios) > c_maximo then
        raise exception using errcode = 'ZRV81', message = format('uma nota menciona até %s pessoas', c_maximo), column = 'mencoes';
    end if;
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_nota.conversa_id;
    select string_agg(coalesce(u.nome, 'alguém que não existe'), ', ' order by u.nome, x.id), string_agg(u.id::text, ',' order by u.id)
    into v_nomes, v_fora
    from (
        select p.id from unnest(p_usuarios) as p (id)
        except
        select interno.usuarios_que_veem(p_cliente_id, v_conversa, p_usuarios)
    ) as x
    left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = x.id;
    if v_nomes is not null then
        raise exception using errcode = 'ZRV82', message = format('estas pessoas não podem ver a conversa: %s', v_nomes),
            detail = coalesce(v_fora, ''), column = 'mencoes';
    end if;
    delete from public.mencoes as m
    where m.cliente_id = p_cliente_id and m.nota_id = p_nota.id and not m.usuario_id = any (p_usuarios);
    -- whoever mentions themselves has nothing to be told
    insert into public.mencoes (cliente_id, nota_id, usuario_id, conversa_id, lida_em)
    select distinct p_cliente_id, p_nota.id, p.id, p_nota.conversa_id, case when p.id = p_nota.usuario_id then p_nota.criado_em end
    from unnest(p_usuarios) as p (id)
    on conflict (cliente_id, nota_id, usuario_id) do nothing;
end
$$;
comment on function interno.mencoes_gravar(uuid, public.notas, uuid[]) is
'Troca quem uma nota menciona: só pessoas que podem ver a conversa.
Erros: ZRV81 gente demais; ZRV82 alguém não pode ver a conversa (os nomes, e em detail os ids).
Efeitos: mencoes.
Desde: 0.3.0';
