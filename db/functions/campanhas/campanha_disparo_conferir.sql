/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_disparo_conferir(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_campanha record;
begin
    select x.status as conexao_status, m.status as modelo_status into strict r_campanha
    from public.campanhas as k
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    if r_campanha.conexao_status <> 'ATIVA' then
        raise exception using errcode = 'ZRK04', column = 'conexaoId', message = 'a conexão não está ativa';
    end if;
    if r_campanha.modelo_status <> 'APPROVED' then
        raise exception using errcode = 'ZRK05', column = 'modeloId', message = 'o modelo não está aprovado';
    end if;
end
$$;
comment on function interno.campanha_disparo_conferir(uuid, uuid) is
'Confere que a conexão está ativa e o modelo aprovado.
Erros: ZRK04; ZRK05.
Efeitos: nenhum.
Desde: 0.1.0';
