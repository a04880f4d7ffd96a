/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_visivel(p_cliente_id uuid, p_resposta public.respostas_rapidas) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select coalesce(
        p_resposta.escopo = 'TODOS' or p_resposta.usuario_id = interno.usuario_corrente()
        or (p_resposta.escopo = 'EQUIPE' and (
            interno.equipe_propria(p_cliente_id, p_resposta.equipe_id) or interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'respostas:gerir')
        )),
        false
    );
$$;
comment on function interno.resposta_visivel(uuid, public.respostas_rapidas) is
'Se quem pede vê a resposta rápida: é de todos, sua, ou de uma equipe sua; quem gere respostas vê as de todas as equipes.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
