/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_json(p_modelo public.modelos) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_modelo.id, 'conexaoId', p_modelo.conexao_id, 'idExterno', p_modelo.id_externo, 'nome', p_modelo.nome,
        'idioma', p_modelo.idioma, 'categoria', p_modelo.categoria, 'status', p_modelo.status, 'qualidade', p_modelo.qualidade,
        'formato', p_modelo.formato, 'componentes', p_modelo.componentes, 'variaveis', p_modelo.variaveis,
        'versao', p_modelo.versao, 'criadoEm', p_modelo.criado_em, 'atualizadoEm', p_modelo.atualizado_em
    );
end;
comment on function interno.modelo_json(public.modelos) is
'O modelo como a API o mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
