/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_baixa_falhar(p_cliente_id uuid, p_id uuid, p_motivo text, p_espera_s numeric default 0) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_poucas constant integer := 4;
    v_agora timestamptz := clock_timestamp();
    v_midia public.midias;
    v_espera numeric;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select m.* into v_midia
    from public.midias as m
    where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'PENDENTE'
    for update;
    if not found then
        return null;
    end if;
    if p_motivo in ('GRANDE', 'RECUSADA') or (p_motivo in ('AUSENTE', 'CORROMPIDA') and v_midia.tentativas + 1 >= c_poucas) then
        update public.midias as m
        set status = 'FALHOU', motivo = p_motivo, erro_texto = interno.midia_motivo(p_motivo), tentativas = m.tentativas + 1,
            atualizado_em = v_agora
        where m.cliente_id = p_cliente_id and m.id = p_id;
        perform interno.midia_avisar(p_cliente_id, p_id);
        return null;
    end if;
    -- the last try happens when the retention ends: worker.midia_baixa_obter then says so
    v_espera := least(
        greatest(5 * 4.0 ^ least(v_midia.tentativas, 5), p_espera_s), 3600,
        extract(epoch from greatest(v_midia.expira_em - v_agora, interval '1 second'))
    );
    update public.midias as m
    set tentativas = least(m.tentativas + 1, 1000), motivo = p_motivo, erro_texto = interno.midia_motivo(p_motivo), atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id;
    return to_jsonb(round(v_espera, 3));
end
$$;
comment on function worker.midia_baixa_falhar(uuid, uuid, text, numeric) is
'Uma tentativa de baixar falhou: devolve em quantos segundos tentar de novo (cresce até uma hora, dentro da retenção do provedor), ou nulo quando não adianta e a mídia passa a FALHOU. p_espera_s: o mínimo que o provedor pediu.
Erros: 42501 sem cliente; 23514 motivo malformado.
Efeitos: midias, eventos.
Desde: 0.2.0';
