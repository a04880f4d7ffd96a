/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_link_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['texto', 'cabecalho', 'rodape', 'rotulo', 'url'], 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'texto', 1024, 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'rodape', 60, 'conteudo', false),
        interno.campo_texto_conferir(p_conteudo, 'rotulo', 20, 'conteudo'),
        interno.campo_endereco_conferir(p_conteudo, 'url', 'conteudo'),
        interno.campo_cabecalho_conferir(p_cliente_id, p_conteudo, false, 'conteudo');
end
$$;
comment on function interno.conteudo_link_conferir(uuid, jsonb) is
'Confere o conteúdo de um LINK {texto, cabecalho?, rodape?, rotulo, url}: rótulo de até 20 caracteres, endereço https de um domínio.
Erros: ZRV01 a ZRV05; ZRV08; ZRV10 a ZRV14; ZND01.
Efeitos: nenhum.
Desde: 0.2.0';
