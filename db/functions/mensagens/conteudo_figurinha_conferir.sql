/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_figurinha_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['midiaId', 'link'], 'conteudo'),
        interno.campo_midia_conferir(p_cliente_id, p_conteudo, 'FIGURINHA', 'conteudo');
end
$$;
comment on function interno.conteudo_figurinha_conferir(uuid, jsonb) is
'Confere o conteúdo de uma FIGURINHA {midiaId | link}: sem legenda.
Erros: ZRV01 a ZRV05; ZRV07; ZRV08; ZRV10 a ZRV13; ZND01.
Efeitos: nenhum.
Desde: 0.2.0';
