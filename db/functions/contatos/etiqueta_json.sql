/* pgmigrate-encoding: utf-8 */
create or replace function interno.etiqueta_json(p_etiqueta public.etiquetas) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_etiqueta.id, 'nome', p_etiqueta.nome, 'cor', p_etiqueta.cor, 'versao', p_etiqueta.versao,
        'criadoEm', p_etiqueta.criado_em, 'atualizadoEm', p_etiqueta.atualizado_em
    );
end;
comment on function interno.etiqueta_json(public.etiquetas) is
'A etiqueta como a API a mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
