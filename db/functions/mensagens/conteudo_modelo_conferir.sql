/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_modelo_conferir(p_cliente_id uuid, p_conteudo jsonb, p_conexao_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_id uuid;
    v_modelo public.modelos;
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['modeloId', 'parametros', 'cabecalho'], 'conteudo');
    v_id := interno.campo_id_ler(p_conteudo, 'modeloId', 'conteudo');
    if p_conteudo ? 'parametros' then
        perform interno.campo_chaves_conferir(p_conteudo -> 'parametros', null, 'conteudo.parametros');
    end if;
    select m.* into v_modelo from public.modelos as m where m.cliente_id = p_cliente_id and m.id = v_id;
    if not found then
        raise exception using errcode = 'ZNM01', message = 'modelo não encontrado', column = 'conteudo.modeloId';
    end if;
    if v_modelo.conexao_id <> p_conexao_id then
        raise exception using errcode = 'ZRV18', message = 'o modelo é de outra conexão', column = 'conteudo.modeloId';
    end if;
    if v_modelo.status <> 'APPROVED' then
        raise exception using errcode = 'ZRK05', message = 'o modelo não está aprovado', column = 'conteudo.modeloId';
    end if;
    return jsonb_build_object('modeloId', v_id) || interno.modelo_parametros_conferir(
        p_cliente_id, v_modelo.componentes, p_conteudo -> 'parametros', p_conteudo -> 'cabecalho'
    );
end
$$;
comment on function interno.conteudo_modelo_conferir(uuid, jsonb, uuid) is
'Confere o conteúdo de um MODELO {modeloId, parametros: {chave: valor}, cabecalho?} contra a definição aprovada, e o devolve como se guarda.
Erros: ZRV01; ZRV02; ZRV11; ZRV18 de outra conexão; ZRK05 não aprovado; ZNM01 modelo não encontrado; os de modelo_parametros_conferir.
Efeitos: nenhum.
Desde: 0.2.0';
