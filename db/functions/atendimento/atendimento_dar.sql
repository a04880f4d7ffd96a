/* pgmigrate-encoding: utf-8 */
create or replace function interno.atendimento_dar(p_cliente_id uuid, p_conversa public.conversas, p_usuario_id uuid) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    update public.usuarios as u set recebeu_em = v_agora where u.cliente_id = p_cliente_id and u.id = p_usuario_id;
    return interno.conversa_dar(p_cliente_id, p_conversa, p_usuario_id, p_conversa.equipe_id);
end
$$;
comment on function interno.atendimento_dar(uuid, public.conversas, uuid) is
'Dá uma conversa da fila, já travada, a uma pessoa, também travada, e guarda quando ela recebeu.
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico.
Desde: 0.3.0';
