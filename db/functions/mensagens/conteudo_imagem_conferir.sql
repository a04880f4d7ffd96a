/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_imagem_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['midiaId', 'link', 'legenda'], 'conteudo'),
        interno.campo_midia_conferir(p_cliente_id, p_conteudo, 'IMAGEM', 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'legenda', 1024, 'conteudo', false);
end
$$;
comment on function interno.conteudo_imagem_conferir(uuid, jsonb) is
'Confere o conteúdo de uma IMAGEM {midiaId | link, legenda?}: legenda de até 1024 caracteres.
Erros: ZRV01 a ZRV05; ZRV07; ZRV08; ZRV10 a ZRV13; ZND01.
Efeitos: nenhum.
Desde: 0.2.0';
