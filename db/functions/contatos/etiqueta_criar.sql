/* pgmigrate-encoding: utf-8 */
create or replace function api.etiqueta_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_cor text default 'CINZA', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_etiqueta public.etiquetas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'etiqueta_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_cor));
    if v_resposta is not null then
        return v_resposta;
    end if;
    insert into public.etiquetas (cliente_id, nome, cor) values (p_cliente_id, btrim(p_nome), p_cor)
    returning * into v_etiqueta;
    if interno.etiquetas_livres(p_cliente_id) < 0 then
        raise exception using errcode = 'ZLE01', message = 'não são aceitas mais etiquetas: remova alguma antes';
    end if;
    perform interno.auditar(p_cliente_id, 'etiqueta_criada', 'etiquetas', v_etiqueta.id, jsonb_build_object('nome', v_etiqueta.nome));
    return interno.idempotencia_fechar(p_cliente_id, 'etiqueta_criar', p_chave_idempotencia, interno.etiqueta_json(v_etiqueta));
end
$$;
comment on function api.etiqueta_criar(uuid, text, text, text, text) is
'Cria uma etiqueta.
Erros: ZCE01 nome repetido; ZLE01 etiquetas demais; 23514 valor fora da regra.
Efeitos: etiquetas, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
