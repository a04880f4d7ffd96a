/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_travar(p_cliente_id uuid, p_id uuid, p_fim text) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_eu uuid := interno.usuario_corrente();
    v_conversa public.conversas;
    v_oferta public.ofertas;
begin
    select v.* into v_conversa
    from public.conversas as v
    where v.cliente_id = p_cliente_id and v.id = (
        select o.conversa_id from public.ofertas as o where o.cliente_id = p_cliente_id and o.id = p_id and o.usuario_id = v_eu
    )
    for no key update;
    if not found then
        raise exception using errcode = 'ZNA03', message = 'oferta não encontrada';
    end if;
    select o.* into v_oferta from public.ofertas as o where o.cliente_id = p_cliente_id and o.id = p_id;
    -- answered so before, by a tab of the same person: nothing more to do
    if v_oferta.fim = p_fim then
        return null;
    elsif v_oferta.fim is not null or v_oferta.expira_em <= clock_timestamp() then
        raise exception using errcode = 'ZCA07', message = 'esta oferta terminou: a conversa não está mais reservada para você';
    end if;
    return v_conversa;
end
$$;
comment on function interno.oferta_travar(uuid, uuid, text) is
'Trava a conversa de uma oferta feita a quem pede, para que ela a aceite ou recuse; linha nula se a oferta já terminou deste mesmo modo. O relógio do banco diz se ela venceu.
Erros: ZNA03 oferta não encontrada; ZCA07 a oferta terminou.
Efeitos: trava a linha.
Desde: 0.3.0';
