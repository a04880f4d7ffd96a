/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_baixa_obter(p_cliente_id uuid, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 104857600;
    v_agora timestamptz := clock_timestamp();
    v_midia public.midias;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- a person who requeues what gave up wants it tried again
    update public.midias as m
    set status = 'PENDENTE', motivo = null, erro_texto = null, tentativas = 0, atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'FALHOU' and m.motivo = 'DESISTIU';
    update public.midias as m
    set status = 'EXPIRADA', motivo = 'RETENCAO', erro_texto = interno.midia_motivo('RETENCAO'), atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'PENDENTE' and m.expira_em <= v_agora;
    if found then
        perform interno.midia_avisar(p_cliente_id, p_id);
    end if;
    select m.* into v_midia from public.midias as m where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'PENDENTE';
    if not found then
        return null;
    end if;
    return jsonb_build_object(
        'id', v_midia.id, 'idExterno', v_midia.id_externo, 'mime', v_midia.mime, 'nome', v_midia.nome,
        'sha256Informado', v_midia.sha256_informado, 'maximo', c_maximo
    );
end
$$;
comment on function worker.midia_baixa_obter(uuid, uuid) is
'O que baixar do provedor; nulo quando já foi baixada, ou quando a retenção dele acabou (e a mídia vira EXPIRADA).
Erros: 42501 sem cliente.
Efeitos: midias, eventos.
Desde: 0.2.0';
