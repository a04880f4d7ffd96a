/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_entregar(
    p_cliente_id uuid, p_conversa public.conversas, p_usuario_id uuid, p_equipe_id uuid, p_motivo text
) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_usuario_id is null and p_equipe_id is null then
        raise exception using errcode = 'ZRV71', message = 'informe a pessoa ou a equipe', column = 'usuarioId';
    end if;
    perform interno.conversa_alheia_conferir(p_cliente_id, p_conversa);
    return interno.conversa_dar(p_cliente_id, p_conversa, p_usuario_id, coalesce(p_equipe_id, p_conversa.equipe_id), p_motivo);
end
$$;
comment on function interno.conversa_entregar(uuid, public.conversas, uuid, uuid, text) is
'Passa uma conversa já travada a uma pessoa (da equipe dada, ou da que a conversa tem) ou à fila de uma equipe.
Erros: ZRV71 nem pessoa nem equipe; ZPV20 é de outra pessoa; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
