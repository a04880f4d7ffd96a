/* pgmigrate-encoding: utf-8 */
create or replace function interno.eventos_em_massa(p_cliente_id uuid, p_tipo text, p_alcance text) returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.eventos (cliente_id, tipo, alvo_id, topicos)
    select p_cliente_id, p_tipo, p_cliente_id, case
        when p_alcance like 'CONVERSA%' then array['permissao:conversas:ler']
        when p_alcance like 'CONTATO%' then array['permissao:contatos:ler']
    end;
$$;
comment on function interno.eventos_em_massa(uuid, text, text) is
'Um evento só para um comando que mudou linhas demais: quem pode ler alguma recarrega a lista.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.3.0';
