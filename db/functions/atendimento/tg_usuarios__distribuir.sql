/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_usuarios__distribuir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if exists (
        select from public.equipes_membros as m
        join public.equipes as e on e.cliente_id = new.cliente_id and e.id = m.equipe_id and e.distribuicao = 'AUTOMATICA'
        where m.cliente_id = new.cliente_id and m.usuario_id = new.id
    ) then
        perform interno.distribuicao_pedir(new.cliente_id, 'atendente_distribuir', new.id);
    end if;
    return null;
end
$$;
comment on function interno.tg_usuarios__distribuir() is
'Quem ficou disponível, ou ganhou capacidade, recebe das filas das suas equipes AUTOMATICAS.
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
