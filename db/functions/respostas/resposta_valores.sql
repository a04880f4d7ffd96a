/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_valores(p_cliente_id uuid, p_conversa public.conversas) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'contato.nome', c.nome, 'contato.primeiroNome', split_part(btrim(c.nome), ' ', 1), 'contato.telefone', c.telefone, 'contato.email', c.email,
        'usuario.nome', u.nome, 'usuario.primeiroNome', split_part(btrim(u.nome), ' ', 1), 'equipe.nome', e.nome, 'empresa.nome', k.nome
    ) || coalesce((select jsonb_object_agg('contato.campos.' || f.key, f.value) from jsonb_each(c.campos) as f), '{}')
    from public.contatos as c
    join public.clientes as k on k.id = p_cliente_id
    left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = interno.usuario_corrente()
    left join public.equipes as e on e.cliente_id = p_cliente_id and e.id = p_conversa.equipe_id
    where c.cliente_id = p_cliente_id and c.id = p_conversa.contato_id;
$$;
comment on function interno.resposta_valores(uuid, public.conversas) is
'O que as variáveis de uma resposta rápida valem numa conversa, para quem pede.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
