/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_alheia_conferir(p_cliente_id uuid, p_conversa public.conversas) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if p_conversa.usuario_id <> interno.usuario_corrente()
        and not interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'conversas:atribuir') then
        raise exception using errcode = 'ZPV20', message = 'a conversa é de outra pessoa', detail = 'conversas:atribuir';
    end if;
end
$$;
comment on function interno.conversa_alheia_conferir(uuid, public.conversas) is
'Quem responde mexe no que é seu ou de ninguém; no que é dos outros, só quem pode atribuir.
Erros: ZPV20 a conversa é de outra pessoa.
Efeitos: nenhum.
Desde: 0.3.0';
