/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_conteudo_conferir(p_cliente_id uuid, p_contato_id uuid, p_conexao_id uuid, p_tipo text, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_bloqueado boolean;
begin
    select v.* into v_conversa from public.conversas as v
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.contato_id = p_contato_id and v.status <> 'RESOLVIDA';
    v_conversa.conexao_id := p_conexao_id;
    perform interno.mensagem_conteudo_conferir(p_cliente_id, v_conversa, p_tipo, p_conteudo);
    select coalesce(c.bloqueado, false) into v_bloqueado from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_contato_id;
    if v_bloqueado then
        raise exception using errcode = 'ZRV31', message = 'o contato está bloqueado';
    end if;
end
$$;
comment on function interno.agendada_conteudo_conferir(uuid, uuid, uuid, text, jsonb) is
'Confere, ao agendar, o que não depende da hora do envio: o conteúdo e o contato.
Erros: os de mensagem_conteudo_conferir; ZRV31 contato bloqueado.
Efeitos: nenhum.
Desde: 0.2.0';
