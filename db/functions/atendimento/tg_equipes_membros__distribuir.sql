/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes_membros__distribuir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if exists (
        select from public.equipes as e
        where e.cliente_id = new.cliente_id and e.id = new.equipe_id and e.distribuicao = 'AUTOMATICA'
    ) then
        perform interno.distribuicao_pedir(new.cliente_id, 'atendente_distribuir', new.usuario_id);
    end if;
    return null;
end
$$;
comment on function interno.tg_equipes_membros__distribuir() is
'Quem entrou numa equipe AUTOMATICA recebe da fila dela.
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
