/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_baixa_concluir(p_cliente_id uuid, p_id uuid, p_sha256 text, p_tamanho bigint, p_mime text default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.midias as m
    set status = 'DISPONIVEL', motivo = null, erro_texto = null, sha256 = p_sha256, tamanho = p_tamanho,
        mime = coalesce(interno.midia_mime(p_mime), m.mime, 'application/octet-stream'), atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'PENDENTE';
    if not found then
        return to_jsonb(false);
    end if;
    perform interno.midia_avisar(p_cliente_id, p_id);
    return to_jsonb(true);
end
$$;
comment on function worker.midia_baixa_concluir(uuid, uuid, text, bigint, text) is
'A mídia recebida está no armazém: mensagens que a citam passam a mostrá-la. p_mime é o que os bytes dizem. Devolve se ainda era esperada.
Erros: 42501 sem cliente; 23514 valor fora da regra.
Efeitos: midias, eventos.
Desde: 0.2.0';
