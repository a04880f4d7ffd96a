/* pgmigrate-encoding: utf-8 */
create or replace function interno.idempotencia_abrir(p_cliente_id uuid, p_funcao text, p_chave text, p_pedido jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_hash bytea := sha256(convert_to(p_pedido::text, 'UTF8'));
    r_chave record;
begin
    if p_chave is null then
        return null;
    end if;
    -- a concurrent first request holds this row until it commits, so the second waits and then repeats its answer
    insert into public.chaves_idempotencia (cliente_id, usuario_id, funcao, chave, pedido_hash)
    values (p_cliente_id, interno.usuario_corrente(), p_funcao, p_chave, v_hash)
    on conflict do nothing;
    if found then
        return null;
    end if;
    select k.pedido_hash, k.resposta into r_chave
    from public.chaves_idempotencia as k
    where k.cliente_id = p_cliente_id and k.usuario_id = interno.usuario_corrente() and k.funcao = p_funcao and k.chave = p_chave;
    if r_chave.pedido_hash <> v_hash then
        raise exception using errcode = 'ZCG03', message = 'esta Idempotency-Key já foi usada com outro pedido';
    end if;
    return r_chave.resposta;
end
$$;
comment on function interno.idempotencia_abrir(uuid, text, text, jsonb) is
'Reserva a Idempotency-Key; devolve a primeira resposta quando o mesmo pedido se repete, nulo quando é o primeiro.
Erros: ZCG03 chave usada com outro pedido.
Efeitos: chaves_idempotencia.
Desde: 0.1.0';
