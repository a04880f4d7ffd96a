/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_previa(p_tipo text, p_corpo text, p_apagado_em timestamptz) returns text
language sql immutable security invoker parallel safe
begin atomic
    -- one expression, so that it is inlined: called for each row it would cost more than the row
    select case
        when p_apagado_em is not null then 'Mensagem apagada'
        when p_tipo = 'REACAO' then coalesce('Reagiu ' || nullif(p_corpo, ''), 'Retirou a reação')
        else case p_tipo
            when 'IMAGEM' then '📷 ' when 'VIDEO' then '🎥 ' when 'AUDIO' then '🎤 ' when 'DOCUMENTO' then '📄 ' when 'LOCALIZACAO' then '📍 '
            when 'CONTATOS' then '👤 ' when 'PEDIDO' then '🛒 ' else ''
        end || coalesce(nullif(btrim(translate(left(p_corpo, 300), e'\n\r\t', '   ')), ''), case p_tipo
            when 'IMAGEM' then 'Foto' when 'VIDEO' then 'Vídeo' when 'AUDIO' then 'Áudio' when 'DOCUMENTO' then 'Documento'
            when 'LOCALIZACAO' then 'Localização' when 'CONTATOS' then 'Contato' when 'PEDIDO' then 'Pedido' when 'FIGURINHA' then 'Figurinha'
            when 'NAO_SUPORTADA' then 'Mensagem que o WhatsApp não deixa ver aqui' else 'Mensagem'
        end)
    end;
end;
comment on function interno.mensagem_previa(text, text, timestamptz) is
'Uma linha que diz o que é uma mensagem: o texto, ou o que veio no lugar dele.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
