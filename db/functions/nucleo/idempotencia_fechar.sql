/* pgmigrate-encoding: utf-8 */
create or replace function interno.idempotencia_fechar(p_cliente_id uuid, p_funcao text, p_chave text, p_resposta jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_chave is not null then
        update public.chaves_idempotencia as k set resposta = p_resposta
        where k.cliente_id = p_cliente_id and k.usuario_id = interno.usuario_corrente() and k.funcao = p_funcao and k.chave = p_chave;
    end if;
    return p_resposta;
end
$$;
comment on function interno.idempotencia_fechar(uuid, text, text, jsonb) is
'Guarda a resposta sob a Idempotency-Key e a devolve.
Erros: nenhum.
Efeitos: chaves_idempotencia.
Desde: 0.1.0';
