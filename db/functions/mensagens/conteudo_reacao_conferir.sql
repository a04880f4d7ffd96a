/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_reacao_conferir(p_cliente_id uuid, p_conteudo jsonb, p_conversa_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    -- one emoji: a keycap, a flag, or a picture with its variation, skin, tags and joined pictures
    c_figura constant text := '[\u00A9\u00AE\u203C\u2049\u2122\u2139\u2190-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001FAFF][\uFE0E\uFE0F]?'
        || '[\U0001F3FB-\U0001F3FF]?[\U000E0020-\U000E007F]*';
    v_id uuid;
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['alvoId', 'emoji'], 'conteudo');
    v_id := interno.campo_id_ler(p_conteudo, 'alvoId', 'conteudo');
    -- an empty emoji takes the reaction back
    if p_conteudo ->> 'emoji' is distinct from '' then
        perform interno.campo_texto_conferir(p_conteudo, 'emoji', 30, 'conteudo');
        if p_conteudo ->> 'emoji' !~ ('^(?:[0-9#*]\uFE0F?\u20E3|[\U0001F1E6-\U0001F1FF]{2}|' || c_figura || '(?:\u200D' || c_figura || ')*)$') then
            raise exception using errcode = 'ZRV27', message = 'uma reação é um emoji só', column = 'conteudo.emoji';
        end if;
    end if;
    if not exists (
        select from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.id = v_id and m.conversa_id = p_conversa_id and m.id_externo is not null
    ) then
        raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada', column = 'conteudo.alvoId';
    end if;
end
$$;
comment on function interno.conteudo_reacao_conferir(uuid, jsonb, uuid) is
'Confere o conteúdo de uma REACAO {alvoId, emoji}: o alvo é uma mensagem da mesma conversa que o provedor conhece; emoji vazio retira a reação.
Erros: ZRV01 a ZRV05; ZRV11; ZRV27; ZNV02 alvo não encontrado.
Efeitos: nenhum.
Desde: 0.2.0';
