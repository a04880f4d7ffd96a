/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_vivo() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_dentro boolean;
begin
    -- key share: a merge of this contact is over, or waits for us
    select c.fundido_em_id is not null into v_dentro
    from public.contatos as c
    where c.cliente_id = new.cliente_id and c.id = new.contato_id
    for key share;
    if v_dentro then
        -- whoever asks again finds the other one
        raise exception using errcode = '40001', message = 'o contato acaba de ser juntado a outro: tente de novo';
    end if;
    return new;
end
$$;
comment on function interno.tg_vivo() is
'Recusa ligar algo novo a um contato que está dentro de outro; quem repete o pedido acha o outro.
Erros: 40001 o contato acaba de ser juntado a outro.
Efeitos: trava de leitura no contato.
Desde: 0.3.0';
