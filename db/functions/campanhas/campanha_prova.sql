/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_prova(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_status text default null, p_limite integer default null, p_cursor text default null,
    p_conferir boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
    v_pagina jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    if not exists (select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id) then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    -- oldest first within each state is what the index has; merging a page of each costs the page, not the campaign
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', l.id, 'contatoId', l.contato_id, 'nome', c.nome, 'telefone', l.telefone, 'status', l.status, 'motivo', l.motivo,
        'motivoTexto', interno.mensagem_motivo(l.motivo, l.erro_texto),
        'erroCodigo', l.erro_codigo, 'erroTexto', l.erro_texto, 'idExterno', l.id_externo, 'enviadoEm', l.enviado_em,
        'entregueEm', l.entregue_em, 'lidoEm', l.lido_em, 'atualizadoEm', l.atualizado_em,
        'tentativas', interno.tentativas_json(p_cliente_id, l.id), 'decisoes', interno.decisoes_json(p_cliente_id, l.id)
    ) order by l.id), '[]') into v_itens
    from (
        select d.*
        from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO']) as e (status)
        cross join lateral (
            select o.* from public.campanhas_log as o
            where o.cliente_id = p_cliente_id and o.campanha_id = p_id and o.status = e.status
                and (v_apos is null or o.id > v_apos)
                and (current_setting('app.visibilidade', true) = 'TODAS' or exists (
                    select from public.contatos as v
                    where v.cliente_id = p_cliente_id and v.id = o.contato_id
                        and interno.visivel(p_cliente_id, v.responsavel_id, v.equipe_id)
                ))
            order by o.id
            limit v_limite + 1
        ) as d
        where p_status is null or e.status = p_status
        order by d.id
        limit v_limite + 1
    ) as l
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id;
    v_pagina := interno.pagina(v_itens, v_limite);
    return jsonb_build_object(
        'campanhaId', p_id,
        'resumo', case
            when v_apos is not null then null
            when p_conferir then interno.campanha_prova_resumo(p_cliente_id, p_id)
            else jsonb_build_object('totais', interno.campanha_json(p_cliente_id, p_id) -> 'totais', 'contados', null, 'confere', null)
        end,
        'destinatarios', v_pagina -> 'dados',
        'proximoCursor', v_pagina -> 'meta' -> 'proximoCursor'
    );
end
$$;
comment on function api.campanha_prova(uuid, text, uuid, text, integer, text, boolean) is
'A prova de uma campanha, destinatário a destinatário: estado, motivo, cada tentativa com seu desfecho, ids do provedor e cada status com o webhook que o contou. A primeira página traz os totais mantidos e, com p_conferir, os contados agora linha a linha e se são iguais: contar custa o tamanho da campanha, a página não. Quem não vê tudo recebe só os destinatários que vê.
Erros: ZNK01; 22023.
Efeitos: nenhum.
Desde: 0.2.0';
