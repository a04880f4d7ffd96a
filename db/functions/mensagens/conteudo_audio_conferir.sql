/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_audio_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['midiaId', 'link', 'voz'], 'conteudo'),
        interno.campo_midia_conferir(p_cliente_id, p_conteudo, 'AUDIO', 'conteudo'),
        interno.campo_booleano_conferir(p_conteudo, 'voz', 'conteudo');
end
$$;
comment on function interno.conteudo_audio_conferir(uuid, jsonb) is
'Confere o conteúdo de um AUDIO {midiaId | link, voz?}: sem legenda.
Erros: ZRV01 a ZRV05; ZRV07; ZRV08; ZRV10 a ZRV13; ZND01.
Efeitos: nenhum.
Desde: 0.2.0';
