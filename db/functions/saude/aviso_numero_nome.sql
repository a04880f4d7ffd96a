/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_numero_nome(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_nome text := left(p_valor ->> 'requested_verified_name', 200);
    v_aprovado boolean := upper(p_valor ->> 'decision') = 'APPROVED';
begin
    if v_nome is null or not interno.aviso_numero_proprio(p_cliente_id, p_conexao_id, p_valor) then
        return;
    end if;
    update public.conexoes as x set nome_verificado = case when v_aprovado then v_nome else x.nome_verificado end, nome_em = p_em
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.nome_em < p_em;
    if found then
        perform interno.aviso_anotar(
            p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, case when v_aprovado then 'NOME_APROVADO' else 'NOME_RECUSADO' end,
            format(case when v_aprovado then 'O WhatsApp aprovou o nome "%s"' else 'O WhatsApp não aprovou o nome "%s"' end, v_nome)
                || coalesce(': ' || left(nullif(p_valor ->> 'rejection_reason', 'NONE'), 200), '')
        );
    end if;
end
$$;
comment on function interno.aviso_numero_nome(uuid, uuid, text, jsonb, timestamptz) is
'phone_number_name_update: nome verificado do número, aprovado ou não.
Erros: nenhum.
Efeitos: conexoes, ocorrencias, eventos.
Desde: 0.2.0';
