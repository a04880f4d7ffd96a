/* pgmigrate-encoding: utf-8 */
create or replace function interno.ocorrencia_registrar(
    p_cliente_id uuid, p_escopo text, p_alvo_id uuid, p_conexao_id uuid, p_motivo text, p_erro_codigo integer, p_texto text
) returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.ocorrencias (cliente_id, escopo, alvo_id, conexao_id, motivo, erro_codigo, texto)
    values (p_cliente_id, p_escopo, p_alvo_id, p_conexao_id, p_motivo, p_erro_codigo, left(p_texto, 500));
$$;
comment on function interno.ocorrencia_registrar(uuid, text, uuid, uuid, text, integer, text) is
'Guarda o que o sistema decidiu sozinho sobre uma conexão, campanha, modelo, conta ou contato, e por quê.
Erros: 23503 conexão de outro cliente; 23514 escopo ou motivo fora da forma.
Efeitos: ocorrencias.
Desde: 0.2.0';
