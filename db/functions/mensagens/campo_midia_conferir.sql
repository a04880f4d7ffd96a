/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_midia_conferir(p_cliente_id uuid, p_objeto jsonb, p_tipo text, p_campo text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_id uuid;
    v_midia public.midias;
begin
    if (p_objeto ? 'midiaId') = (p_objeto ? 'link') then
        raise exception using errcode = 'ZRV10', message = 'informe midiaId ou link: exatamente um deles', column = p_campo;
    end if;
    if p_objeto ? 'link' then
        perform interno.campo_endereco_conferir(p_objeto, 'link', p_campo);
        return;
    end if;
    v_id := interno.campo_id_ler(p_objeto, 'midiaId', p_campo);
    select m.* into v_midia from public.midias as m where m.cliente_id = p_cliente_id and m.id = v_id;
    if not found or not interno.midia_citavel(p_cliente_id, v_midia) then
        raise exception using errcode = 'ZND01', message = 'mídia não encontrada', column = p_campo || '.midiaId';
    end if;
    if v_midia.status <> 'DISPONIVEL' then
        raise exception using errcode = 'ZRV12', message = 'a mídia não está disponível', column = p_campo || '.midiaId';
    end if;
    if v_midia.tipo <> p_tipo then
        raise exception using errcode = 'ZRV13', message = 'a mídia não serve para este tipo de mensagem', column = p_campo || '.midiaId';
    end if;
end
$$;
comment on function interno.campo_midia_conferir(uuid, jsonb, text, text) is
'Confere a mídia de uma parte do conteúdo: nossa, disponível e do tipo certo, ou um endereço https.
Erros: ZRV08 endereço; ZRV10 nenhuma ou as duas; ZRV11 id inválido; ZRV12 indisponível; ZRV13 de outro tipo; ZND01 mídia não encontrada.
Efeitos: nenhum
Desde: 0.2.0';
