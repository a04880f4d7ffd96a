/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_modelo_conferir(p_cliente_id uuid, p_conexao_id uuid, p_modelo_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if not exists (
        select from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.removido_em is null
    ) then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada', column = 'conexaoId';
    end if;
    if not exists (
        select from public.modelos as m
        join public.conexoes as da on da.cliente_id = p_cliente_id and da.id = m.conexao_id
        join public.conexoes as para on para.cliente_id = p_cliente_id and para.id = p_conexao_id
        where m.cliente_id = p_cliente_id and m.id = p_modelo_id
            and (da.id = para.id or da.conta_id_externa = para.conta_id_externa)
    ) then
        raise exception using errcode = 'ZRK10', message = 'o modelo pertence a outra conta do WhatsApp', column = 'modeloId';
    end if;
    if not exists (
        select from public.modelos as m
        where m.cliente_id = p_cliente_id and m.id = p_modelo_id and interno.modelo_enviavel(m.componentes)
    ) then
        raise exception using errcode = 'ZRK13', column = 'modeloId',
            message = 'este modelo tem carrossel, oferta por tempo ou produtos, que as campanhas ainda não enviam';
    end if;
end
$$;
comment on function interno.campanha_modelo_conferir(uuid, uuid, uuid) is
'Confere que a conexão existe, que o modelo é da mesma conta (WABA) que ela e que uma campanha sabe preenchê-lo.
Erros: ZNX01; ZRK10; ZRK13 modelo com carrossel, oferta por tempo ou produtos.
Efeitos: nenhum.
Desde: 0.1.0';
