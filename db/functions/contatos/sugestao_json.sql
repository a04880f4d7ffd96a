/* pgmigrate-encoding: utf-8 */
create or replace function interno.sugestao_json(p_sugestao public.contatos_sugestoes) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_sugestao.id, 'motivo', p_sugestao.motivo, 'pontos', p_sugestao.pontos, 'evidencia', p_sugestao.evidencia,
        'criadoEm', p_sugestao.criado_em, 'dispensadaEm', p_sugestao.dispensada_em,
        'contatos', (
            -- first the one that the system would keep
            select jsonb_agg(jsonb_build_object(
                'id', c.id, 'nome', c.nome, 'telefone', c.telefone, 'telefoneInformado', c.telefone_informado, 'email', c.email,
                'criadoEm', c.criado_em
            ) order by c.telefone is null, c.criado_em, c.id)
            from public.contatos as c
            where c.cliente_id = p_sugestao.cliente_id and c.id in (p_sugestao.contato_id, p_sugestao.outro_id)
        )
    );
$$;
comment on function interno.sugestao_json(public.contatos_sugestoes) is
'Uma sugestão de juntar dois contatos como a API a mostra; primeiro o que ficaria.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
