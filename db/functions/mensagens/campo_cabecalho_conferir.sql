/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_cabecalho_conferir(p_cliente_id uuid, p_conteudo jsonb, p_so_texto boolean, p_campo text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_cabecalho jsonb := p_conteudo -> 'cabecalho';
    v_campo text := p_campo || '.cabecalho';
begin
    if not p_conteudo ? 'cabecalho' then
        return;
    end if;
    perform interno.campo_chaves_conferir(
        v_cabecalho, case when p_so_texto then array['texto'] else array['texto', 'tipo', 'midiaId', 'link', 'nome'] end, v_campo
    );
    if v_cabecalho ? 'texto' or p_so_texto then
        perform interno.campo_chaves_conferir(v_cabecalho, array['texto'], v_campo),
            interno.campo_texto_conferir(v_cabecalho, 'texto', 60, v_campo);
        return;
    end if;
    if coalesce(v_cabecalho ->> 'tipo', '') not in ('IMAGEM', 'VIDEO', 'DOCUMENTO') then
        raise exception using errcode = 'ZRV14', message = 'o cabeçalho é um texto, ou IMAGEM, VIDEO ou DOCUMENTO', column = v_campo || '.tipo';
    end if;
    perform interno.campo_midia_conferir(p_cliente_id, v_cabecalho, v_cabecalho ->> 'tipo', v_campo),
        interno.campo_texto_conferir(v_cabecalho, 'nome', 240, v_campo, false);
end
$$;
comment on function interno.campo_cabecalho_conferir(uuid, jsonb, boolean, text) is
'Confere o cabeçalho de uma mensagem interativa: texto de até 60 caracteres ou, se o tipo aceita, uma mídia.
Erros: ZRV01 a ZRV05; ZRV08; ZRV10 a ZRV14; ZND01.
Efeitos: nenhum
Desde: 0.2.0';
