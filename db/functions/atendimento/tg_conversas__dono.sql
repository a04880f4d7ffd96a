/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__dono() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.usuario_id is not null or new.status = 'RESOLVIDA' or new.equipe_id is distinct from old.equipe_id then
        new.dono_id := null;
        new.dono_ate := null;
    end if;
    return new;
end
$$;
comment on function interno.tg_conversas__dono() is
'Uma conversa deixa de esperar por quem a atendia quando alguém a atende, muda de equipe ou é resolvida.
Erros: nenhum.
Efeitos: a própria linha.
Desde: 0.3.0';
