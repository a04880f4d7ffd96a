/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_filtros_ler(p_filtros jsonb) returns public.conversas_filtros
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_listas constant jsonb := '{
        "aba": ["MINHAS", "FILA", "TODAS", "MENCOES"], "controle": ["BOT", "HUMANO", "FILA"], "janela": ["ABERTA", "FECHADA"],
        "status": ["ABERTA", "EM_ATENDIMENTO", "AGUARDANDO_CLIENTE", "ADIADA", "RESOLVIDA"],
        "prioridade": ["BAIXA", "NORMAL", "ALTA", "URGENTE"]
    }';
    c_campos constant text[] := array[
        'aba', 'status', 'usuarioId', 'semDono', 'equipeId', 'conexaoId', 'contatoId', 'etiquetaId', 'prioridade', 'controle', 'janela',
        'naoLidas', 'semRespostaMinutos', 'atividadeDe', 'atividadeAte', 'campanhaId', 'texto'
    ];
    v_dados jsonb := jsonb_strip_nulls(coalesce(p_filtros, '{}'));
    v_mau text;
    v_filtros public.conversas_filtros;
    v_fuso text;
begin
    if jsonb_typeof(v_dados) <> 'object' then
        raise exception using errcode = '22023', message = 'os filtros são um objeto', column = 'filtros';
    end if;
    select d.key into v_mau
    from jsonb_each(v_dados) as d
    where d.key <> all (c_campos)
        or (c_listas ? d.key and not (case when jsonb_typeof(d.value) = 'array' then d.value else jsonb_build_array(d.value) end <@ (c_listas -> d.key)))
        or (d.key in ('status', 'prioridade') and (jsonb_typeof(d.value) <> 'array' or jsonb_array_length(d.value) not between 1 and 5))
        or (d.key in ('aba', 'controle', 'janela', 'texto') and jsonb_typeof(d.value) <> 'string')
        or (d.key = 'semRespostaMinutos' and d.value not between '1' and '525600')
        or (d.key in ('semDono', 'naoLidas') and jsonb_typeof(d.value) <> 'boolean')
    limit 1;
    if v_mau is not null then
        raise exception using errcode = '22023', message = 'este filtro não existe ou tem valor inválido', column = left(v_mau, 60);
    end if;
    -- a day written without a zone is a day of the tenant's
    select c.fuso into v_fuso from public.clientes as c where c.id = (select public.get_current_cliente_id());
    select x."aba", x."status", x."usuarioId", x."semDono", x."equipeId", x."conexaoId", x."contatoId", x."etiquetaId", x."prioridade",
        x."controle", x."janela", x."naoLidas", x."semRespostaMinutos",
        interno.instante_ler(x."atividadeDe", v_fuso), interno.instante_ler(x."atividadeAte", v_fuso), x."campanhaId",
        nullif(btrim(left(x."texto", 200)), '')
    into v_filtros
    from jsonb_to_record(v_dados) as x(
        "aba" text, "status" text[], "usuarioId" uuid, "semDono" boolean, "equipeId" uuid, "conexaoId" uuid, "contatoId" uuid,
        "etiquetaId" uuid, "prioridade" text[], "controle" text, "janela" text, "naoLidas" boolean, "semRespostaMinutos" integer,
        "atividadeDe" text, "atividadeAte" text, "campanhaId" uuid, "texto" text
    );
    v_filtros.aba := coalesce(v_filtros.aba, 'TODAS');
    return v_filtros;
end
$$;
comment on function interno.conversas_filtros_ler(jsonb) is
'Lê os filtros de uma lista de conversas, de um pedido ou de uma visão salva.
Erros: 22* filtro desconhecido ou com valor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
