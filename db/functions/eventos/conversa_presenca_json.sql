/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_presenca_json(p_conversa public.conversas) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return jsonb_build_object(
        'id', p_conversa.id, 'usuarioId', interno.usuario_corrente(), 'sessaoId', current_setting('app.sessao_id')::uuid,
        'topicos', interno.eventos_topicos('conversas', p_conversa.usuario_id, p_conversa.equipe_id)
    );
end
$$;
comment on function interno.conversa_presenca_json(public.conversas) is
'O usuário corrente numa conversa, e os tópicos de quem pode sabê-lo ali.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
