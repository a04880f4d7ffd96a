/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_subida_obter(p_cliente_id uuid, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_json jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.midias_provedor as v set status = 'PENDENTE', motivo = null, erro_texto = null, tentativas = 0, atualizado_em = v_agora
    where v.cliente_id = p_cliente_id and v.id = p_id and v.status = 'FALHOU' and v.motivo = 'DESISTIU';
    select jsonb_build_object('id', v.id, 'sha256', m.sha256, 'mime', m.mime, 'tamanho', m.tamanho, 'nome', m.nome) into v_json
    from public.midias_provedor as v
    join public.midias as m on m.cliente_id = p_cliente_id and m.id = v.midia_id
    where v.cliente_id = p_cliente_id and v.id = p_id and v.status = 'PENDENTE';
    return v_json;
end
$$;
comment on function worker.midia_subida_obter(uuid, uuid) is
'O que enviar ao provedor de uma conexão, por id de midias_provedor; nulo quando já está lá ou não é mais preciso.
Erros: 42501 sem cliente.
Efeitos: midias_provedor.
Desde: 0.2.0';
