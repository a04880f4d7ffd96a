/* pgmigrate-encoding: utf-8 */
create or replace function interno.atendente_travar(p_cliente_id uuid, p_usuario_id uuid) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_capacidade integer;
    v_disponibilidade text;
    v_ocupadas integer;
begin
    -- one at a time per person: two pulls at once must not both see the last free slot
    select u.capacidade, u.disponibilidade into v_capacidade, v_disponibilidade from public.usuarios as u
    where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.ativo
    for no key update;
    if not found then
        raise exception using errcode = 'ZNI02', message = 'usuário não encontrado';
    elsif v_disponibilidade <> 'DISPONIVEL' then
        raise exception using errcode = 'ZCA06', message = 'você não está disponível: volte da pausa para receber conversas';
    end if;
    select count(*) into v_ocupadas from (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.usuario_id = p_usuario_id and v.status = 'EM_ATENDIMENTO'
        limit v_capacidade
    ) as x;
    if v_ocupadas >= v_capacidade then
        raise exception using errcode = 'ZCA05', message = format('você já atende %s conversas: conclua alguma antes', v_capacidade),
            detail = v_capacidade::text;
    end if;
    return v_capacidade - v_ocupadas;
end
$$;
comment on function interno.atendente_travar(uuid, uuid) is
'Trava uma pessoa até o fim da transação e devolve quantas conversas ela ainda pode receber da fila (uma, ao menos).
Erros: ZNI02 usuário não encontrado ou inativo; ZCA05 sem vaga; ZCA06 em pausa ou ausente.
Efeitos: trava a linha.
Desde: 0.3.0';
