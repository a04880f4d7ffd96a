/* pgmigrate-encoding: utf-8 */
create or replace function interno.eventos_emitir(
    p_cliente_id uuid, p_tipo text, p_alcance text, p_alvos uuid[], p_conversas uuid[] default '{}', p_donos uuid[] default '{}',
    p_equipes uuid[] default '{}'
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_alcance in ('CONVERSA', 'CONTATO') then
        -- the old owner and the new one: whoever loses a row has to hear of it
        insert into public.eventos (cliente_id, tipo, alvo_id, conversa_id, topicos)
        select p_cliente_id, p_tipo, x.alvo_id, case p_alcance when 'CONVERSA' then x.alvo_id end, array_agg(distinct t.topico)
        from unnest(p_alvos, p_donos, p_equipes) as x (alvo_id, dono_id, equipe_id)
        cross join unnest(
            interno.eventos_topicos(case p_alcance when 'CONVERSA' then 'conversas' else 'contatos' end, x.dono_id, x.equipe_id)
        ) as t (topico)
        group by x.alvo_id;
    elsif p_alcance = 'CONVERSA_DE' then
        insert into public.eventos (cliente_id, tipo, alvo_id, conversa_id, topicos)
        select p_cliente_id, p_tipo, x.alvo_id, v.id, interno.eventos_topicos('conversas', v.usuario_id, v.equipe_id)
        from (select distinct i.alvo_id, i.conversa_id from unnest(p_alvos, p_conversas) as i (alvo_id, conversa_id)) as x
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = x.conversa_id;
    elsif p_alcance = 'CONTATO_DE' then
        insert into public.eventos (cliente_id, tipo, alvo_id, topicos)
        select p_cliente_id, p_tipo, c.id, interno.eventos_topicos('contatos', c.responsavel_id, c.equipe_id)
        from (select distinct i.alvo_id from unnest(p_alvos) as i (alvo_id)) as x
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = x.alvo_id;
    else
        insert into public.eventos (cliente_id, tipo, alvo_id, conversa_id, topicos)
        select distinct p_cliente_id, p_tipo, x.alvo_id, x.conversa_id, case
            when p_alcance = 'PESSOA' then array['pessoa:' || x.alvo_id]
            when interno.evento_permissao(p_tipo) is not null then array['permissao:' || interno.evento_permissao(p_tipo)]
        end
        from unnest(p_alvos, p_conversas) as x (alvo_id, conversa_id);
    end if;
end
$$;
comment on function interno.eventos_emitir(uuid, text, text, uuid[], uuid[], uuid[], uuid[]) is
'Deixa um evento por alvo, com quem pode saber. p_alcance: CONVERSA e CONTATO, quem vê a linha com um destes donos e equipes; CONVERSA_DE e CONTATO_DE, quem vê agora a conversa ou o contato; PESSOA, só o usuário que é o alvo; TODOS, quem tem interno.evento_permissao do tipo.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.3.0';
