/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__distribuir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.dono_id is null and interno.conversa_na_fila(new) and exists (
        select from public.equipes as e
        where e.cliente_id = new.cliente_id and e.id = new.equipe_id and e.distribuicao = 'AUTOMATICA'
    ) then
        perform interno.distribuicao_pedir(new.cliente_id, 'conversa_distribuir', new.id);
    end if;
    if old.status = 'EM_ATENDIMENTO' and (new.status <> 'EM_ATENDIMENTO' or new.usuario_id <> old.usuario_id) and exists (
        select from public.equipes_membros as m
        join public.equipes as e on e.cliente_id = new.cliente_id and e.id = m.equipe_id and e.distribuicao = 'AUTOMATICA'
        where m.cliente_id = new.cliente_id and m.usuario_id = old.usuario_id
    ) then
        perform interno.distribuicao_pedir(new.cliente_id, 'atendente_distribuir', old.usuario_id);
    end if;
    return null;
end
$$;
comment on function interno.tg_conversas__distribuir() is
'Nas equipes AUTOMATICAS, pede a distribuição do que passou a esperar e a quem ganhou uma vaga.
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
