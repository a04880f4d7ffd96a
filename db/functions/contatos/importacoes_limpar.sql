/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacoes_limpar(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- what nobody confirmed within a day, and the rows of old ones: people's data stays no longer than it is of use
    delete from public.importacoes as i
    where i.cliente_id = p_cliente_id and i.atualizado_em < now() - interval '1 day'
        and i.status in ('RECEBENDO', 'MAPEAR', 'LENDO', 'CONFERIDA');
    delete from public.importacoes as i
    where i.cliente_id = p_cliente_id and i.atualizado_em < now() - interval '30 days' and i.status in ('CONCLUIDA', 'CANCELADA', 'FALHOU');
end
$$;
comment on function interno.importacoes_limpar(uuid) is
'Apaga importações que ninguém confirmou em um dia e as terminadas há mais de trinta.
Erros: nenhum.
Efeitos: importacoes, importacoes_lotes.
Desde: 0.3.0';
