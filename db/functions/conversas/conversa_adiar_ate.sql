/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_adiar_ate(p_cliente_id uuid, p_conversa public.conversas, p_ate timestamptz) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.conversa_alheia_conferir(p_cliente_id, p_conversa);
    if p_ate is null or p_ate <= v_agora or p_ate > v_agora + interval '1 year' then
        raise exception using errcode = 'ZRV68', message = 'adie para uma hora futura, de até um ano', column = 'ate';
    end if;
    p_conversa.status := 'ADIADA';
    p_conversa.adiada_ate := p_ate;
    return interno.conversa_gravar(p_cliente_id, p_conversa);
end
$$;
comment on function interno.conversa_adiar_ate(uuid, public.conversas, timestamptz) is
'Adia uma conversa já travada; a que já está adiada muda de hora.
Erros: ZPV20 é de outra pessoa; ZRV68 hora fora da faixa; ZCG01 está resolvida.
Efeitos: conversas, conversas_historico; fila (conversa_acordar).
Desde: 0.3.0';
