/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_sessoes_revogar(
    p_cliente_id uuid, p_usuario_id uuid, p_motivo text, p_exceto uuid default null
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.sessoes as s set revogada_em = now(), motivo = p_motivo
    where s.cliente_id = p_cliente_id and s.usuario_id = p_usuario_id and s.revogada_em is null
        and s.id is distinct from p_exceto;
end
$$;
comment on function interno.usuario_sessoes_revogar(uuid, uuid, text, uuid) is
'Encerra todas as sessões de um usuário, menos uma.
Erros: nenhum.
Efeitos: sessoes, eventos.
Desde: 0.1.0';
