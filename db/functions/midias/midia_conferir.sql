/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_conferir(p_cliente_id uuid, p_midia_id uuid, p_tipo text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_midia public.midias := interno.midia_ler(p_cliente_id, p_midia_id);
begin
    if v_midia.status in ('FALHOU', 'EXPIRADA') then
        raise exception using errcode = 'ZRD06', message = 'esta mídia não está disponível', column = 'midiaId',
            detail = coalesce(v_midia.erro_texto, v_midia.status);
    elsif v_midia.tipo <> p_tipo then
        raise exception using errcode = 'ZRD03', message = format('este arquivo não pode ser enviado como %s', lower(p_tipo)),
            column = 'midiaId';
    end if;
end
$$;
comment on function interno.midia_conferir(uuid, uuid, text) is
'Recusa a mídia que uma mensagem deste tipo não pode citar.
Erros: ZND01 mídia não encontrada; ZRD03 de outro tipo; ZRD06 não disponível.
Efeitos: nenhum.
Desde: 0.2.0';
