/* pgmigrate-encoding: utf-8 */
create or replace function interno.destino_conferir(p_cliente_id uuid, p_contato_id uuid, p_conexao_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if not exists (
        select from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = p_contato_id and c.removido_em is null
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado', column = 'contatoId';
    end if;
    if not exists (
        select from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.removido_em is null
    ) then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada', column = 'conexaoId';
    end if;
end
$$;
comment on function interno.destino_conferir(uuid, uuid, uuid) is
'Confere que o contato existe, à vista de quem pede, e que a conexão existe.
Erros: ZNC01; ZNX01.
Efeitos: nenhum.
Desde: 0.2.0';
