/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_motivo(p_motivo text, p_erro_texto text) returns text
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return case when p_motivo is not null then coalesce(
        p_erro_texto,
        (select m.texto from public.mensagens_motivos as m where m.motivo = p_motivo),
        (select c.texto from public.provedor_classes as c where c.classe = p_motivo),
        'Não foi possível confirmar o envio'
    ) end;
end
$$;
comment on function interno.mensagem_motivo(text, text) is
'A frase que uma pessoa lê sobre o que houve com uma mensagem.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
