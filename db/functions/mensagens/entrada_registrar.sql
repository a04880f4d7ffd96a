/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_registrar(p_cliente_id uuid, p_itens jsonb) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_itens jsonb := interno.entrada_itens_ler(p_cliente_id, p_itens);
    v_ficam jsonb := '[]';
    v_novas jsonb;
begin
    if v_itens = '[]' then
        perform interno.entrada_repetidas(p_cliente_id, p_itens);
        return 0;
    end if;
    v_itens := interno.entrada_contatos(p_cliente_id, v_itens);
    perform interno.entrada_nomear(p_cliente_id, v_itens);
    v_itens := interno.entrada_alvos(p_cliente_id, v_itens);
    if jsonb_path_exists(v_itens, '$[*] ? (exists(@.conversaId))') then
        v_ficam := jsonb_path_query_array(v_itens, '$[*] ? (exists(@.conversaId))');
        v_itens := jsonb_path_query_array(v_itens, '$[*] ? (!exists(@.conversaId))');
    end if;
    if v_itens <> '[]' then
        v_itens := interno.entrada_conversas(p_cliente_id, v_itens);
    end if;
    v_itens := v_itens || v_ficam;
    with lidas as materialized (
        select i.*, (
            select q.id from public.mensagens as q
            where q.cliente_id = p_cliente_id and q.conexao_id = i."conexaoId" and q.id_externo = i."contextoIdExterno"
        ) as contexto_id
        from jsonb_to_recordset(v_itens) as i (
            n integer, "conexaoId" uuid, "contatoId" uuid, "conversaId" uuid, "idExterno" text, "contextoIdExterno" text, direcao text, tipo text,
            corpo text, conteudo jsonb, midia jsonb, "ocorridoEm" timestamptz, "recebidoEm" timestamptz
        )
    ), gravadas as (
        insert into public.mensagens (
            cliente_id, conversa_id, conexao_id, direcao, origem, tipo, corpo, conteudo, status, id_externo, contexto_id,
            contexto_id_externo, ocorrido_em, recebido_em, enviado_em
        )
        select p_cliente_id, l."conversaId", l."conexaoId", d.direcao, case d.direcao when 'SAIDA' then 'APARELHO' else 'CONTATO' end,
            l.tipo, left(l.corpo, 65536), case when pg_column_size(d.conteudo) < 60000 then d.conteudo else '{"grandeDemais": true}' end,
            case d.direcao when 'SAIDA' then 'ENVIADO' else 'RECEBIDA' end, l."idExterno", l.contexto_id, nullif(left(l."contextoIdExterno", 300), ''),
            l."ocorridoEm", coalesce(l."recebidoEm", v_agora), case d.direcao when 'SAIDA' then l."ocorridoEm" end
        from lidas as l
        cross join lateral (
            select coalesce(l.direcao, 'ENTRADA') as direcao, coalesce(l.conteudo, '{}') as conteudo
        ) as d
        -- a provider tells whole seconds: within one, as they came
        order by l."ocorridoEm", l.n
        on conflict (cliente_id, conexao_id, id_externo) do nothing
        returning *
    )
    select jsonb_agg(jsonb_build_object(
        'id', g.id, 'conexao_id', g.conexao_id, 'conversa_id', g.conversa_id, 'contato_id', l."contatoId", 'id_externo', g.id_externo,
        'direcao', g.direcao, 'tipo', g.tipo, 'corpo', g.corpo, 'conteudo', g.conteudo, 'midia', l.midia, 'ocorrido_em', g.ocorrido_em
    ) order by g.id) into v_novas
    from gravadas as g
    join lidas as l on l."conexaoId" = g.conexao_id and l."idExterno" = g.id_externo;
    if v_novas is not null then
        perform interno.entrada_efeitos(p_cliente_id, v_novas, v_agora);
    end if;
    if coalesce(jsonb_array_length(v_novas), 0) < jsonb_array_length(p_itens) then
        perform interno.entrada_repetidas(p_cliente_id, p_itens);
    end if;
    return coalesce(jsonb_array_length(v_novas), 0);
end
$$;
comment on function interno.entrada_registrar(uuid, jsonb) is
'Guarda mensagens que chegaram, de qualquer provedor: [{conexaoId, idExterno, identidades: [{tipo, valor}] (a que mais vale primeiro), telefone?, nome?, direcao? (SAIDA = escrita no aparelho), tipo, corpo?, conteudo?, contextoIdExterno?, ocorridoEm, recebidoEm?, midia?}]. Uma mensagem já guardada não faz nada; o resultado só depende da ordem de chegada entre mensagens do mesmo instante. Devolve quantas eram novas.
Erros: 22* quando um item não tem a forma combinada.
Efeitos: contatos, contatos_identidades, conversas, mensagens, midias, consentimentos, supressoes, mensagens_agendadas, ocorrencias, eventos; fila (midia_baixar).
Desde: 0.2.0';
