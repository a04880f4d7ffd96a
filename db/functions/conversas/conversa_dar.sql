/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_dar(
    p_cliente_id uuid, p_conversa public.conversas, p_usuario_id uuid, p_equipe_id uuid, p_motivo text default null
) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_conversa.status = 'RESOLVIDA' then
        raise exception using errcode = 'ZCV04', message = 'a conversa está resolvida: inicie outra';
    end if;
    perform interno.atendente_conferir(p_cliente_id, p_usuario_id, p_equipe_id);
    p_conversa.status := case when p_usuario_id is null then 'ABERTA' else 'EM_ATENDIMENTO' end;
    p_conversa.usuario_id := p_usuario_id;
    p_conversa.equipe_id := p_equipe_id;
    return interno.conversa_gravar(p_cliente_id, p_conversa, p_motivo);
end
$$;
comment on function interno.conversa_dar(uuid, public.conversas, uuid, uuid, text) is
'Dá uma conversa já travada a quem a atenderá, EM_ATENDIMENTO, ou (sem pessoa) à fila de uma equipe, ABERTA; equipe nula = a fila de todos. Se quem pede pode fazê-lo confere quem chama.
Erros: ZCV04 conversa resolvida; os de atendente_conferir e conversa_gravar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
