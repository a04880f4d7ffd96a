/* pgmigrate-encoding: utf-8 */
create or replace function interno.ocorrencia_json(p_ocorrencia public.ocorrencias) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_ocorrencia.id, 'escopo', p_ocorrencia.escopo, 'alvoId', p_ocorrencia.alvo_id, 'conexaoId', p_ocorrencia.conexao_id,
        'motivo', p_ocorrencia.motivo, 'erroCodigo', p_ocorrencia.erro_codigo, 'texto', p_ocorrencia.texto,
        'ocorridoEm', p_ocorrencia.ocorrido_em
    );
end;
comment on function interno.ocorrencia_json(public.ocorrencias) is
'A ocorrência como a API a mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
