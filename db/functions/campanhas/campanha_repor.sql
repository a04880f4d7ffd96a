/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_repor(p_cliente_id uuid, p_campanha_id uuid, p_ids uuid[])
returns table (id uuid, motivo text)
language sql volatile security invoker set search_path = '' rows 100
as $$
    with alvos as materialized (
        select l.id, l.contato_id from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.id = any (p_ids)
            and l.status in ('FALHOU', 'PULADO', 'INCERTO')
    ), avaliados as materialized (
        select a.* from interno.campanha_avaliar(p_cliente_id, p_campanha_id, array(select x.contato_id from alvos as x)) as a
    ), repostos as (
        update public.campanhas_log as l
        set status = case when a.motivo is null then 'PENDENTE' else l.status end,
            motivo = case when a.motivo is null then null when l.status = 'PULADO' then a.motivo else l.motivo end,
            erro_codigo = null, erro_texto = null, telefone = a.telefone, parametros = a.parametros, tentativas = 0,
            -- a failure of the old attempt, repeated by the provider, is no news of the new one
            tentativa_id = null, id_externo = null, enviado_em = null, atualizado_em = now()
        from alvos as x
        join avaliados as a on a.contato_id = x.contato_id
        where l.cliente_id = p_cliente_id and l.id = x.id and (a.motivo is null or l.status = 'PULADO')
    )
    select x.id, a.motivo from alvos as x join avaliados as a on a.contato_id = x.contato_id;
$$;
comment on function interno.campanha_repor(uuid, uuid, uuid[]) is
'Põe destinatários de uma campanha, já travada por quem chama, à espera de novo. Cada um é avaliado como no disparo: quem hoje é recusado fica como está, e o motivo é devolvido (nulo = voltou). As tentativas antigas ficam.
Erros: ZRK03.
Efeitos: campanhas_log, campanhas_totais.
Desde: 0.2.0';
