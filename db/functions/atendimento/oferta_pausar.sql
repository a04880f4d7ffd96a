/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_pausar(p_cliente_id uuid, p_usuario_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_seguidas constant integer := 2;
    v_agora timestamptz := clock_timestamp();
    v_desde timestamptz;
begin
    -- never waited for: whoever holds it is changing it, and she is not away
    select u.disponibilidade_em into v_desde from public.usuarios as u
    where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.disponibilidade = 'DISPONIVEL'
    for no key update skip locked;
    if (
        select count(*) filter (where x.fim = 'VENCIDA')
        from (
            select o.fim from public.ofertas as o
            where o.cliente_id = p_cliente_id and o.usuario_id = p_usuario_id and o.encerrada_em > v_desde and o.fim <> 'ENCERRADA'
            order by o.encerrada_em desc
            limit c_seguidas
        ) as x
    ) = c_seguidas then
        update public.usuarios as u
        set disponibilidade = 'PAUSA', disponibilidade_em = v_agora,
            disponibilidade_motivo = 'Não respondeu a 2 ofertas seguidas'
        where u.cliente_id = p_cliente_id and u.id = p_usuario_id;
    end if;
end
$$;
comment on function interno.oferta_pausar(uuid, uuid) is
'Põe em pausa quem, desde que se disse disponível, deixou vencer as suas 2 últimas ofertas: a fila não espera por quem não está.
Erros: nenhum.
Efeitos: usuarios, ofertas, eventos.
Desde: 0.3.0';
