/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_criar(
    p_cliente_id uuid, p_sessao text, p_sha256 text, p_tamanho bigint, p_mime text default null, p_variante text default '',
    p_nome text default null, p_tipo text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_regra public.midias_tipos;
    v_midia public.midias;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    select t.* into v_regra
    from public.midias_tipos as t
    where t.mime = p_mime and t.variante = p_variante and (t.tipo = p_tipo or (p_tipo is null and t.padrao));
    if p_tamanho = 0 then
        raise exception using errcode = 'ZRD05', message = 'o arquivo está vazio', column = 'arquivo';
    elsif v_regra.tipo is null and exists (select from public.midias_tipos as t where t.mime = p_mime) then
        raise exception using errcode = 'ZRD03', message = format('este arquivo não pode ser enviado como %s', lower(p_tipo)),
            column = 'tipo', detail = p_mime;
    elsif v_regra.tipo is null then
        raise exception using errcode = 'ZRD02', message = 'este tipo de arquivo não é aceito', column = 'arquivo',
            detail = coalesce(p_mime, 'desconhecido');
    elsif p_tamanho > v_regra.tamanho_maximo then
        raise exception using errcode = 'ZRD04', message = 'o arquivo passa do tamanho aceito para o seu tipo', column = 'arquivo',
            detail = v_regra.tamanho_maximo::text;
    end if;
    insert into public.midias (cliente_id, origem, tipo, status, sha256, tamanho, mime, nome, criado_por)
    values (
        p_cliente_id, 'ENVIADA', v_regra.tipo, 'DISPONIVEL', p_sha256, p_tamanho, p_mime, interno.midia_nome(p_nome),
        interno.usuario_corrente()
    )
    on conflict (cliente_id, sha256, tipo) where origem = 'ENVIADA' do nothing
    returning * into v_midia;
    if v_midia.id is not null then
        perform interno.auditar(p_cliente_id, 'midia_criada', 'midias', v_midia.id, jsonb_build_object('tipo', v_midia.tipo, 'tamanho', p_tamanho));
    else
        select m.* into v_midia
        from public.midias as m
        where m.cliente_id = p_cliente_id and m.sha256 = p_sha256 and m.tipo = v_regra.tipo and m.origem = 'ENVIADA';
    end if;
    return interno.midia_json(v_midia);
end
$$;
comment on function api.midia_criar(uuid, text, text, bigint, text, text, text, text) is
'Registra um arquivo que a borda já guardou no armazém; p_mime é o que os bytes dizem. O mesmo conteúdo, para o mesmo tipo, é a mesma mídia.
Erros: ZRD02 tipo não aceito; ZRD03 o conteúdo não serve para o tipo pedido; ZRD04 grande demais; ZRD05 vazio; 23514 valor fora da regra.
Efeitos: midias, auditoria.
Desde: 0.2.0';
