/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_localizacao_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['latitude', 'longitude', 'nome', 'endereco'], 'conteudo'),
        interno.campo_numero_conferir(p_conteudo, 'latitude', -90, 90, 'conteudo'),
        interno.campo_numero_conferir(p_conteudo, 'longitude', -180, 180, 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'nome', 1000, 'conteudo', false),
        interno.campo_texto_conferir(p_conteudo, 'endereco', 1000, 'conteudo', false);
end
$$;
comment on function interno.conteudo_localizacao_conferir(uuid, jsonb) is
'Confere o conteúdo de uma LOCALIZACAO {latitude, longitude, nome?, endereco?}.
Erros: ZRV01 a ZRV05; ZRV09.
Efeitos: nenhum.
Desde: 0.2.0';
