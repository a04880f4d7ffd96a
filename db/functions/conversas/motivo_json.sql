/* pgmigrate-encoding: utf-8 */
create or replace function interno.motivo_json(p_motivo public.motivos_resolucao) returns jsonb
language sql immutable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_motivo.id, 'nome', p_motivo.nome, 'ativo', p_motivo.ativo, 'versao', p_motivo.versao, 'criadoEm', p_motivo.criado_em
    );
end;
comment on function interno.motivo_json(public.motivos_resolucao) is
'O motivo de resolução como a API o mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
