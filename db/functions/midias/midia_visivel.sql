/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_visivel(p_cliente_id uuid, p_midia public.midias) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return coalesce(current_setting('app.visibilidade', true) = 'TODAS', false)
        or coalesce(p_midia.criado_por = interno.usuario_corrente(), false)
        or exists (
            select from public.mensagens as m
            join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
            where m.cliente_id = p_cliente_id and m.midia_id = p_midia.id
                and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
        )
        or exists (
            select from public.respostas_rapidas_midias as x
            join public.respostas_rapidas as r on r.cliente_id = p_cliente_id and r.id = x.resposta_id
            where x.cliente_id = p_cliente_id and x.midia_id = p_midia.id and interno.resposta_visivel(p_cliente_id, r)
        );
end
$$;
comment on function interno.midia_visivel(uuid, public.midias) is
'Se quem pede pode ver a mídia: foi quem a enviou, ou ela está numa conversa ou numa resposta rápida que pode ver.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
