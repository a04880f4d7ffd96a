/* pgmigrate-encoding: utf-8 */
create or replace function interno.consentimento_json(p_consentimento public.consentimentos) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_consentimento.id, 'contatoId', p_consentimento.contato_id, 'finalidade', p_consentimento.finalidade,
        'acao', p_consentimento.acao, 'origem', p_consentimento.origem, 'prova', p_consentimento.prova,
        'registradoPor', p_consentimento.registrado_por, 'registradoPorNome', (
            select u.nome from public.usuarios as u
            where u.cliente_id = p_consentimento.cliente_id and u.id = p_consentimento.registrado_por
        ),
        'registradoEm', p_consentimento.registrado_em
    );
end;
comment on function interno.consentimento_json(public.consentimentos) is
'Um registro do livro de consentimentos como a API o mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
