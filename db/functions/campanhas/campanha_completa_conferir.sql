/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_completa_conferir(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if exists (
        select from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.id = p_campanha_id and (k.modelo_id is null or k.conexao_id is null)
    ) then
        raise exception using errcode = 'ZRK16', column = 'modeloId', message = 'falta escolher o modelo e o número da campanha';
    end if;
end
$$;
comment on function interno.campanha_completa_conferir(uuid, uuid) is
'Recusa um rascunho que ainda não tem modelo e número.
Erros: ZRK16.
Efeitos: nenhum.
Desde: 0.3.0';
