/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_subida_falhar(
    p_cliente_id uuid, p_id uuid, p_motivo text, p_codigo integer default null, p_espera_s numeric default 0
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_tentativas constant integer := 8;
    v_agora timestamptz := clock_timestamp();
    r_subida record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.midias_provedor as v
    set tentativas = v.tentativas + 1, motivo = case p_motivo when 'GRANDE' then 'RECUSADA' else p_motivo end, erro_codigo = p_codigo,
        erro_texto = interno.midia_motivo(p_motivo), atualizado_em = v_agora,
        status = case when p_motivo in ('GRANDE', 'RECUSADA', 'ARMAZEM') or v.tentativas + 1 >= c_tentativas then 'FALHOU' else v.status end
    where v.cliente_id = p_cliente_id and v.id = p_id and v.status = 'PENDENTE'
    returning v.status, v.tentativas into r_subida;
    if r_subida.status is null or r_subida.status = 'FALHOU' then
        return null;
    end if;
    return to_jsonb(least(greatest(2.0 ^ r_subida.tentativas, p_espera_s), 300));
end
$$;
comment on function worker.midia_subida_falhar(uuid, uuid, text, integer, numeric) is
'Um envio de mídia ao provedor falhou: devolve em quantos segundos tentar de novo, ou nulo quando não adianta; os envios que a citam falham então com motivo MEDIA. Falha que não é da mídia (provedor fora) perde o efeito depois de dez minutos.
Erros: 42501 sem cliente; 23514 motivo malformado.
Efeitos: midias_provedor.
Desde: 0.2.0';
