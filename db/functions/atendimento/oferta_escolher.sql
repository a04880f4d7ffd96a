/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_escolher(p_cliente_id uuid, p_equipe_id uuid, p_conversa_id uuid, p_agora timestamptz) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_usuario_id uuid;
begin
    loop
        select u.id into v_usuario_id
        from interno.oferta_turno(p_cliente_id, p_equipe_id, p_conversa_id) as l
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = l.usuario_id
        where l.desde <= p_agora
        order by l.atende, l.recebeu_em nulls first, l.usuario_id
        limit 1
        for no key update of u skip locked;
        -- looked at before the lock: whoever held it may have given her something
        exit when not found or exists (
            select from interno.equipe_livres(p_cliente_id, p_equipe_id) as l where l.usuario_id = v_usuario_id and not l.oferecida
        );
    end loop;
    return v_usuario_id;
end
$$;
comment on function interno.oferta_escolher(uuid, uuid, uuid, timestamptz) is
'Trava e devolve a quem oferecer uma conversa agora: dos que estão na vez (oferta_turno), quem atende menos e, entre iguais, não recebe há mais tempo; nulo quando ninguém está.
Erros: nenhum.
Efeitos: trava a linha da pessoa.
Desde: 0.3.0';
