/* pgmigrate-encoding: utf-8 */
create or replace function interno.midias_preparar(p_cliente_id uuid, p_conexao_id uuid, p_midia_ids uuid[]) returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_folga constant interval := '1 day';
    c_nova_chance constant interval := '10 minutes';
    v_agora timestamptz := clock_timestamp();
    v_midias text[];
    v_estados text[];
begin
    select array_agg(coalesce(m.status, 'FALHOU')) into v_midias
    from unnest(p_midia_ids) as p (id)
    left join public.midias as m on m.cliente_id = p_cliente_id and m.id = p.id;
    if v_midias && '{FALHOU,EXPIRADA}' then
        return null;
    elsif 'PENDENTE' = any (v_midias) then
        return false;
    elsif exists (
        select from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.provedor = 'UAIZAP'
    ) then
        return true;
    end if;
    insert into public.midias_provedor (cliente_id, conexao_id, midia_id)
    select distinct p_cliente_id, p_conexao_id, p.id from unnest(p_midia_ids) as p (id)
    on conflict (cliente_id, conexao_id, midia_id) do nothing;
    -- an id about to end, or a failure that was not the media's own, deserves another upload
    update public.midias_provedor as v
    set status = 'PENDENTE', id_externo = null, expira_em = null, motivo = null, erro_codigo = null, erro_texto = null, tentativas = 0,
        atualizado_em = v_agora
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.midia_id = any (p_midia_ids)
        and (
            (v.status = 'DISPONIVEL' and v.expira_em <= v_agora + c_folga)
            or (v.status = 'FALHOU' and v.motivo <> 'RECUSADA' and v.atualizado_em <= v_agora - c_nova_chance)
        );
    select array_agg(v.status) into v_estados
    from public.midias_provedor as v
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.midia_id = any (p_midia_ids);
    if 'FALHOU' = any (v_estados) then
        return null;
    elsif not coalesce('PENDENTE' = any (v_estados), false) then
        return true;
    end if;
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
    select p_cliente_id, 'midia_subir', p_conexao_id, 1, v_agora, v.id
    from public.midias_provedor as v
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.midia_id = any (p_midia_ids) and v.status = 'PENDENTE'
    on conflict (cliente_id, tipo, alvo_id) do nothing;
    return false;
end
$$;
comment on function interno.midias_preparar(uuid, uuid, uuid[]) is
'Se as mídias de um envio podem ir por esta conexão: verdadeiro = todas têm id no provedor por mais de um dia (ou o provedor não pede id); falso = estão a caminho, e o envio espera; nulo = alguma não existe ou falhou de vez, e o envio falha com motivo MEDIA.
Erros: nenhum.
Efeitos: midias_provedor; fila (midia_subir, uma vez).
Desde: 0.2.0';
