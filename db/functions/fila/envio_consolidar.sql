/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_consolidar(p_cliente_id uuid, p_alvos uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    if cardinality(p_alvos) = 0 then
        return;
    end if;
    perform from public.campanhas_log as l
    where l.cliente_id = p_cliente_id and l.id = any (p_alvos) order by l.id for update;
    with por_tentativa as (
        select t.alvo_id, t.id as tentativa_id,
            max(s.id_externo) as id_externo,
            min(s.ocorrido_em) as primeiro_em,
            min(s.ocorrido_em) filter (where s.status in ('delivered', 'read', 'played')) as entregue_em,
            min(s.ocorrido_em) filter (where s.status in ('read', 'played')) as lido_em,
            max(s.erro_codigo) filter (where s.status = 'failed') as erro_codigo,
            max(s.erro_texto) filter (where s.status = 'failed') as erro_texto,
            -- delivered beats failed: with several devices both may come, in any order
            bool_or(s.status = 'failed') and not bool_or(s.status in ('delivered', 'read', 'played')) as falhou
        from public.tentativas as t
        join public.status_recebidos as s on s.cliente_id = p_cliente_id and s.conexao_id = t.conexao_id
            and (s.tentativa_id = t.id or (s.tentativa_id is null and s.id_externo = t.id_externo))
        where t.cliente_id = p_cliente_id and t.alvo_id = any (p_alvos)
        group by t.alvo_id, t.id
    ), decididas as (
        -- the last attempt decides, unless an earlier one turns out to have arrived
        select distinct on (p.alvo_id) p.*
        from por_tentativa as p
        join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = p.alvo_id
        where not p.falhou or p.tentativa_id = l.tentativa_id
        order by p.alvo_id, p.falhou, p.tentativa_id desc
    ), registros as (
        update public.campanhas_log as l
        set status = case when d.falhou then 'FALHOU' else 'ENVIADO' end,
            motivo = case when d.falhou then coalesce(e.classe, 'REQUEST') end,
            erro_codigo = case when d.falhou then d.erro_codigo end,
            erro_texto = case when d.falhou then coalesce(e.texto, d.erro_texto, 'O provedor informou uma falha') end,
            id_externo = coalesce(l.id_externo, d.id_externo),
            enviado_em = coalesce(l.enviado_em, d.primeiro_em),
            entregue_em = d.entregue_em, lido_em = d.lido_em, atualizado_em = v_agora
        from decididas as d
        left join public.provedor_erros as e on e.provedor = 'META_API' and e.codigo = d.erro_codigo
        where l.cliente_id = p_cliente_id and l.id = d.alvo_id and l.status <> 'PULADO'
        returning l.contato_id, l.campanha_id, e.classe, d.alvo_id
    ), recusas as (
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)
        select p_cliente_id, r.contato_id, 'MARKETING', 'REVOGADO', 'PROVEDOR', 'WhatsApp recusou a entrega: a pessoa parou o marketing'
        from registros as r
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = r.contato_id
        where r.classe = 'OPTOUT' and c.marketing <> 'REVOGADO'
    )
    -- a message that went back to the queue but did arrive must not go out again
    delete from public.fila as f using decididas as d
    where f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.alvo_id = d.alvo_id and f.intencao_em is null;
end
$$;
comment on function interno.envio_consolidar(uuid, uuid[]) is
'Recalcula o estado de destinatários a partir de todos os status recebidos: o resultado não depende da ordem nem da repetição das chegadas.
Erros: nenhum.
Efeitos: campanhas_log, consentimentos, fila.
Desde: 0.1.0';
