/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisar(p_cliente_id uuid, p_tipo text, p_alvo_id uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.eventos (cliente_id, tipo, alvo_id) values (p_cliente_id, p_tipo, p_alvo_id);
$$;
comment on function interno.avisar(uuid, text, uuid) is
'Deixa um aviso de mudança para quem acompanha o cliente.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.1.0';
