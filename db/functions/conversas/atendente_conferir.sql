/* pgmigrate-encoding: utf-8 */
create or replace function interno.atendente_conferir(p_cliente_id uuid, p_usuario_id uuid, p_equipe_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_ativo boolean;
begin
    -- whoever is being deactivated, or taken out of the team, waits for us or we for it
    if p_usuario_id is not null then
        select u.ativo into v_ativo from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_usuario_id for share;
        if not found then
            raise exception using errcode = 'ZNI02', message = 'usuário não encontrado', column = 'usuarioId';
        elsif not v_ativo then
            raise exception using errcode = 'ZRV64', message = 'esta pessoa está desativada', column = 'usuarioId';
        elsif not interno.usuario_pode(p_cliente_id, p_usuario_id, 'conversas:responder') then
            raise exception using errcode = 'ZRV66', message = 'esta pessoa não pode responder conversas', column = 'usuarioId';
        end if;
    end if;
    if p_equipe_id is null then
        return;
    end if;
    select e.ativo into v_ativo from public.equipes as e where e.cliente_id = p_cliente_id and e.id = p_equipe_id for share;
    if not found then
        raise exception using errcode = 'ZNI04', message = 'equipe não encontrada', column = 'equipeId';
    elsif not v_ativo and p_usuario_id is null then
        raise exception using errcode = 'ZRV67', message = 'esta equipe está desativada', column = 'equipeId';
    elsif p_usuario_id is not null and p_usuario_id <> interno.usuario_corrente() and not exists (
        select from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and m.usuario_id = p_usuario_id
    ) then
        raise exception using errcode = 'ZRV65', message = 'esta pessoa não está na equipe da conversa', column = 'usuarioId';
    end if;
end
$$;
comment on function interno.atendente_conferir(uuid, uuid, uuid) is
'A pessoa pode receber uma conversa desta equipe: ativa, responde conversas e está na equipe (quem assume por si só precisa vê-la); sem pessoa, a equipe está ativa.
Erros: ZNI02 usuário não encontrado; ZNI04 equipe não encontrada; ZRV64 desativada; ZRV65 fora da equipe; ZRV66 não responde; ZRV67 equipe desativada.
Efeitos: trava de leitura em usuarios e equipes.
Desde: 0.3.0';
