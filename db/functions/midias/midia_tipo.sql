/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_tipo(p_tipo text, p_mime text) returns text
language sql immutable security invoker parallel safe set search_path = ''
as $$
    select case
        when p_tipo in ('IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO', 'FIGURINHA') then p_tipo
        when p_mime = 'image/webp' then 'FIGURINHA'
        when p_mime like 'image/%' then 'IMAGEM'
        when p_mime like 'video/%' then 'VIDEO'
        when p_mime like 'audio/%' then 'AUDIO'
        else 'DOCUMENTO'
    end;
$$;
comment on function interno.midia_tipo(text, text) is
'O tipo de uma mídia recebida: o da mensagem que a trouxe ou, se esta não é de mídia, o que o conteúdo sugere.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
