/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_conteudo_conferir(p_cliente_id uuid, p_conversa public.conversas, p_tipo text, p_conteudo jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_conteudo jsonb := p_conteudo;
begin
    case p_tipo
        when 'TEXTO' then perform interno.conteudo_texto_conferir(p_cliente_id, p_conteudo);
        when 'IMAGEM' then perform interno.conteudo_imagem_conferir(p_cliente_id, p_conteudo);
        when 'VIDEO' then perform interno.conteudo_video_conferir(p_cliente_id, p_conteudo);
        when 'DOCUMENTO' then perform interno.conteudo_documento_conferir(p_cliente_id, p_conteudo);
        when 'AUDIO' then perform interno.conteudo_audio_conferir(p_cliente_id, p_conteudo);
        when 'FIGURINHA' then perform interno.conteudo_figurinha_conferir(p_cliente_id, p_conteudo);
        when 'BOTOES' then perform interno.conteudo_botoes_conferir(p_cliente_id, p_conteudo);
        when 'LISTA' then perform interno.conteudo_lista_conferir(p_cliente_id, p_conteudo);
        when 'LINK' then perform interno.conteudo_link_conferir(p_cliente_id, p_conteudo);
        when 'LOCALIZACAO' then perform interno.conteudo_localizacao_conferir(p_cliente_id, p_conteudo);
        when 'CONTATOS' then perform interno.conteudo_contatos_conferir(p_cliente_id, p_conteudo);
        when 'REACAO' then perform interno.conteudo_reacao_conferir(p_cliente_id, p_conteudo, p_conversa.id);
        when 'MODELO' then v_conteudo := interno.conteudo_modelo_conferir(p_cliente_id, p_conteudo, p_conversa.conexao_id);
        else
            raise exception using errcode = 'ZRV23', message = 'este tipo de mensagem não existe', column = 'tipo';
    end case;
    if pg_column_size(p_conteudo) > 60000 then
        raise exception using errcode = 'ZRV24', message = 'o conteúdo é grande demais', column = 'conteudo';
    end if;
    if exists (
        select from public.conexoes as x
        where x.cliente_id = p_cliente_id and x.id = p_conversa.conexao_id and x.provedor = 'UAIZAP'
    ) then
        if p_tipo = 'MODELO' then
            raise exception using errcode = 'ZRV25', message = 'este número não envia modelos', column = 'tipo';
        end if;
        if p_tipo = 'CONTATOS' and jsonb_array_length(p_conteudo -> 'contatos') > 1 then
            raise exception using errcode = 'ZRV29', message = 'este número envia um contato por mensagem', column = 'conteudo.contatos';
        end if;
        -- the gateway would fill it in with what it knows of the person
        if p_conteudo::text like '%{{%' then
            raise exception using errcode = 'ZRV26', message = 'o texto não pode ter {{ neste número', column = 'conteudo';
        end if;
    end if;
    return v_conteudo;
end
$$;
comment on function interno.mensagem_conteudo_conferir(uuid, public.conversas, text, jsonb) is
'Confere o conteúdo de uma mensagem de saída pelo seu tipo e pelo provedor da conversa, e o devolve como se guarda.
Erros: os do conteúdo de cada tipo; ZRV23 tipo desconhecido; ZRV24 grande demais; ZRV25, ZRV26, ZRV29 do provedor.
Efeitos: nenhum.
Desde: 0.2.0';
