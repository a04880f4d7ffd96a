/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_criar(p_cliente_id uuid, p_sessao text, p_escopo text, p_atalho text, p_titulo text, p_texto text default '',
    p_equipe_id uuid default null, p_midia_ids uuid[] default '{}', p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_json jsonb;
    v_resposta public.respostas_rapidas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_json := interno.idempotencia_abrir(p_cliente_id, 'resposta_rapida_criar', p_chave_idempotencia,
        jsonb_build_array(p_escopo, p_atalho, p_titulo, p_texto, p_equipe_id, p_midia_ids));
    if v_json is not null then
        return v_json;
    end if;
    perform interno.resposta_escopo_conferir(p_cliente_id, p_escopo);
    if (p_escopo = 'EQUIPE') <> (p_equipe_id is not null) then
        raise exception using errcode = 'ZRV85', message = 'informe a equipe de uma resposta de equipe, e só dela', column = 'equipeId';
    end if;
    insert into public.respostas_rapidas (cliente_id, escopo, usuario_id, equipe_id, atalho, titulo, texto)
    values (
        p_cliente_id, p_escopo, case when p_escopo = 'PESSOAL' then interno.usuario_corrente() end, p_equipe_id,
        interno.texto_busca(btrim(p_atalho, ' /')), btrim(p_titulo), p_texto
    ) returning * into v_resposta;
    perform interno.respostas_limite_conferir(p_cliente_id, v_resposta);
    perform interno.resposta_midias_gravar(p_cliente_id, v_resposta, coalesce(p_midia_ids, '{}'));
    perform interno.auditar(p_cliente_id, 'resposta_criada', 'respostas_rapidas', v_resposta.id, jsonb_build_object('atalho', v_resposta.atalho));
    perform interno.avisar(p_cliente_id, 'resposta_mudou', v_resposta.id);
    return interno.idempotencia_fechar(p_cliente_id, 'resposta_rapida_criar', p_chave_idempotencia, interno.resposta_json(v_resposta));
end
$$;
comment on function api.resposta_rapida_criar(uuid, text, text, text, text, text, uuid, uuid[], text) is
'Cria uma resposta rápida: PESSOAL, de EQUIPE ou de TODOS (estas pedem respostas:gerir). O atalho fica em minúsculas, sem acento e sem a barra.
Erros: ZCV81 atalho repetido; ZRV80 atalho inválido; ZRV83, ZRV84, ZRV85; ZLV80 respostas demais; ZNI04 equipe não encontrada; ZND01 mídia não encontrada; ZPG01; ZCG03; 23514 valor fora da regra.
Efeitos: respostas_rapidas, respostas_rapidas_midias, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
