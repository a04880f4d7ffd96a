/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_json(p_resposta public.respostas_rapidas) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_resposta.id, 'escopo', p_resposta.escopo, 'equipeId', p_resposta.equipe_id, 'atalho', p_resposta.atalho,
        'titulo', p_resposta.titulo, 'texto', p_resposta.texto, 'midias', (
            select coalesce(jsonb_agg(interno.midia_json(m) order by x.ordem), '[]')
            from public.respostas_rapidas_midias as x
            join public.midias as m on m.cliente_id = p_resposta.cliente_id and m.id = x.midia_id
            where x.cliente_id = p_resposta.cliente_id and x.resposta_id = p_resposta.id
        ),
        'versao', p_resposta.versao, 'criadoEm', p_resposta.criado_em, 'atualizadoEm', p_resposta.atualizado_em
    );
$$;
comment on function interno.resposta_json(public.respostas_rapidas) is
'Uma resposta rápida como a API a mostra, com seus arquivos.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
