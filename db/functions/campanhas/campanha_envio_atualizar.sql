/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_envio_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_conexao_id uuid, p_intervalo_ms integer default 0,
    p_agendado_para timestamptz default null, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    perform interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO']);
    perform interno.versao_conferir(
        (select k.versao from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id), p_versao
    );
    if p_agendado_para <= p_agora then
        raise exception using errcode = 'ZRK09', column = 'agendadoPara', message = 'o agendamento precisa ser no futuro';
    end if;
    update public.campanhas as k
    set conexao_id = p_conexao_id, intervalo_ms = coalesce(p_intervalo_ms, 0), agendado_para = p_agendado_para
    where k.cliente_id = p_cliente_id and k.id = p_id;
    perform interno.campanha_completa_conferir(p_cliente_id, p_id);
    perform interno.campanha_modelo_conferir(p_cliente_id, k.conexao_id, k.modelo_id)
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id;
    perform interno.auditar(p_cliente_id, 'campanha_atualizada', 'campanhas', p_id);
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_envio_atualizar(uuid, text, uuid, integer, uuid, integer, timestamptz, timestamptz) is
'Terceiro passo de um rascunho: por que número, quando e com que intervalo. A hora só vale ao lançar.
Erros: ZNK01; ZCK01 não é rascunho; ZCG02 versão antiga; ZNX01; ZRK09 hora no passado; ZRK10 modelo de outra conta; ZRK16 falta o modelo.
Efeitos: campanhas, auditoria.
Desde: 0.3.0';
