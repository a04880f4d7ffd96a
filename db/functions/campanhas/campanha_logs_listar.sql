/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_logs_listar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_status text default null, p_motivo text default null,
    p_busca text default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    v_limite integer;
    v_antes uuid;
    v_achados uuid[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes := interno.cursor_ler(p_cursor);
    if not exists (select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id) then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    if btrim(coalesce(p_busca, '')) <> '' then
        v_achados := array(select interno.campanha_pessoas_buscar(p_cliente_id, p_id, p_busca, p_status, p_motivo, v_limite + 1, v_antes));
    end if;
    -- newest first within each state is what the index has; merging a page of each costs the page, not the campaign
    select coalesce(jsonb_agg(to_jsonb(x) order by x.id desc), '[]') into v_itens
    from (
        select l.id, l.contato_id as "contatoId", c.nome, l.telefone, l.status, l.motivo, l.erro_codigo as "erroCodigo",
            l.erro_texto as "erroTexto", case when l.motivo is not null then interno.mensagem_motivo(l.motivo, l.erro_texto) end as "motivoTexto", l.tentativas, l.id_externo as "idExterno", l.enviado_em as "enviadoEm",
            l.entregue_em as "entregueEm", l.lido_em as "lidoEm"
        from (
            select d.*
            from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO']) as e (status)
            cross join lateral (
                select o.* from public.campanhas_log as o
                where o.cliente_id = p_cliente_id and o.campanha_id = p_id and o.status = e.status
                    and (p_motivo is null or o.motivo = p_motivo)
                    and (v_achados is null or o.id = any (v_achados))
                    and (v_antes is null or o.id < v_antes)
                    and (current_setting('app.visibilidade', true) = 'TODAS' or exists (
                        select from public.contatos as v
                        where v.cliente_id = p_cliente_id and v.id = o.contato_id
                            and interno.visivel(p_cliente_id, v.responsavel_id, v.equipe_id)
                    ))
                order by o.id desc
                limit v_limite + 1
            ) as d
            where (p_status is null or e.status = p_status)
                -- the others have no reason: a search for one must not read them
                and (p_motivo is null or e.status in ('INCERTO', 'FALHOU', 'PULADO'))
            order by d.id desc
            limit v_limite + 1
        ) as l
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.campanha_logs_listar(uuid, text, uuid, text, text, text, integer, text) is
'Destinatários de uma campanha que a pessoa vê, um por linha, com estado, motivo, horários e o id do provedor. p_busca: trecho do nome ou telefone, procurado em todos os destinatários.
Erros: ZNK01; 22023 busca curta, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
