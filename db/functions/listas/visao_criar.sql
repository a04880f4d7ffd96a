/* pgmigrate-encoding: utf-8 */
create or replace function api.visao_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_filtros jsonb, p_ordem text default 'ULTIMA_ATIVIDADE', p_equipe_id uuid default null,
    p_fixada boolean default false, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 100;
    v_resposta jsonb;
    v_visao public.visoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'visao_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_filtros, p_ordem, p_equipe_id, p_fixada)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.conversas_ordem_ler(p_ordem, interno.conversas_filtros_ler(p_filtros));
    perform interno.visao_equipe_conferir(p_cliente_id, p_equipe_id);
    if (select count(*) from public.visoes as s where s.cliente_id = p_cliente_id and s.usuario_id = interno.usuario_corrente()) >= c_maximo then
        raise exception using errcode = 'ZLV03', message = 'não são aceitas mais visões: remova alguma antes';
    end if;
    insert into public.visoes (cliente_id, usuario_id, equipe_id, nome, filtros, ordem, fixada)
    values (p_cliente_id, interno.usuario_corrente(), p_equipe_id, btrim(p_nome), jsonb_strip_nulls(p_filtros), p_ordem, coalesce(p_fixada, false))
    returning * into v_visao;
    perform interno.avisar(p_cliente_id, 'visao_mudou', v_visao.id);
    return interno.idempotencia_fechar(p_cliente_id, 'visao_criar', p_chave_idempotencia, interno.visao_json(v_visao));
end
$$;
comment on function api.visao_criar(uuid, text, text, jsonb, text, uuid, boolean, text) is
'Salva filtros e ordem da lista de conversas com um nome, só para si ou para uma equipe.
Erros: 22* filtro ou ordem inválidos; ZNI04 equipe não encontrada; ZLV03 visões demais; ZCG03; 23514 valor fora da regra.
Efeitos: visoes, eventos, chaves_idempotencia.
Desde: 0.3.0';
